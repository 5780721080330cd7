import { TASK_SCOPE } from "../otel/scopes.ts";
import type { ForecastView } from "./forecast-view.ts";

/**
 * The views of tokens and cost: their rate, and their total since midnight, which a daily budget
 * limits.
 */
export function consumptionViews(namespace: string): ForecastView[] {
  return ["tokens", "cost"].flatMap((name): ForecastView[] => [
    {
      instruments: [`${namespace}.${name}`],
      scope: TASK_SCOPE,
      by: ["agent"],
      outputs: [
        {
          name: `${namespace}.${name}_per_second`,
          unit: "",
          number: "rate",
          bounds: { lower: 0 },
          isPublished: true,
          isForecast: true,
        },
      ],
    },
    {
      instruments: [`${namespace}.${name}_today`],
      scope: TASK_SCOPE,
      by: ["agent"],
      outputs: [
        {
          name: `${namespace}.${name}_today`,
          unit: "",
          number: "level",
          isDailyTotal: true,
          bounds: { lower: 0 },
          isPublished: true,
          isForecast: true,
        },
      ],
    },
  ]);
}
