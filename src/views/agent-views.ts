import { PROCESS_SCOPE, TASK_SCOPE } from "../otel/scopes.ts";
import { consumptionViews } from "./consumption-views.ts";
import type { ForecastView, ViewOutput } from "./forecast-view.ts";
import type { AttributeFilter } from "./pattern.ts";
import { FORECAST, FROM_ZERO, latencies, levels, PERCENT, SHARE } from "./view-parts.ts";

/** Filters of tasks by their ending. */
export const SUCCEEDED: AttributeFilter = { error_type: "" };
export const FAILED: AttributeFilter = { error_type: "?*" };

/** The views of agents: of their tasks, and of the process that is an agent. */
export function agentViews(namespace: string): ForecastView[] {
  const tasks = `${namespace}.task.duration`;
  const ofAgent = { scope: TASK_SCOPE, by: ["agent"] } as const;
  const counter = (name: string, of: AttributeFilter): ViewOutput[] => [
    {
      name: `${namespace}.${name}`,
      unit: "",
      number: "total",
      of: [of],
      isPublished: true,
      isForecast: false,
      isCounter: true,
    },
    {
      name: `${namespace}.${name}_per_second`,
      unit: "",
      number: "rate",
      of: [of],
      bounds: FROM_ZERO,
      ...FORECAST,
    },
  ];
  return [
    {
      ...ofAgent,
      instruments: [tasks],
      outputs: [
        ...latencies(`${namespace}.latency`, "of an agent's tasks"),
        {
          name: `${namespace}.task_success_rate`,
          unit: "",
          description: "Share of tasks that ended in success, after retries",
          number: "ratio",
          of: [SUCCEEDED],
          bounds: SHARE,
          ...FORECAST,
        },
        ...counter("completed_tasks", SUCCEEDED),
        ...counter("failed_tasks", FAILED),
      ],
    },
    {
      ...ofAgent,
      instruments: [tasks, `${namespace}.retried_attempts`],
      outputs: [
        attempts(`${namespace}.success_rate`, SUCCEEDED, "Share of attempts that succeeded"),
        attempts(`${namespace}.failure_rate`, FAILED, "Share of attempts that failed"),
      ],
    },
    {
      ...ofAgent,
      instruments: [`${namespace}.failure.recovery_duration`],
      outputs: [
        {
          name: `${namespace}.failure_recovery_time`,
          unit: "s",
          description: "Mean time from a failure to its recovery",
          number: "mean",
          bounds: FROM_ZERO,
          ...FORECAST,
        },
      ],
    },
    ...consumptionViews(namespace),
    { ...levels(`${namespace}.*_tasks`, FROM_ZERO, []), scope: TASK_SCOPE },
    { ...levels(`${namespace}.open_failures`, FROM_ZERO, []), scope: TASK_SCOPE },
    { ...levels(`${namespace}.*_percent`, PERCENT, []), scope: PROCESS_SCOPE },
  ];
}

function attempts(name: string, of: AttributeFilter, description: string): ViewOutput {
  return { name, unit: "", description, number: "ratio", of: [of], bounds: SHARE, ...FORECAST };
}
