import { expect, it } from "vitest";
import { sparkline } from "../../../src/page/view/plot.ts";
import type { SeriesStatus } from "../../../src/status/answers.ts";

const MINUTE = 60_000;

/** The horizontal places of a total's forecasts in its small picture. */
function placesOf(minutes: Readonly<Record<string, number>>): number[] {
  const series: SeriesStatus = {
    id: "a",
    metric: "ai_cloud_cost_today",
    labels: {},
    unit: "",
    state: "ready",
    at: 0,
    value: 1,
    horizons: Object.entries(minutes).map(([horizon, after]) => ({
      ...{ horizon, at: after * MINUTE, predicted: after, lower: after, upper: after },
    })),
  };
  const predicted = sparkline(series).children.find(
    (child) => typeof child === "object" && child.attributes.class === "predicted",
  );
  const path = typeof predicted === "object" ? (predicted.attributes.d ?? "") : "";
  return Array.from(path.matchAll(/[ML]([\d.-]+),/g), ([, x]) => Number(x));
}

it("the forecasts of a total go from left to right, also when midnight is near", () => {
  expect(placesOf({ "5m": 5, "1h": 60, midnight: 300 })).toHaveLength(4);
  const late = placesOf({ "5m": 5, "1h": 60, midnight: 20 });
  expect(late).toEqual(late.toSorted((one, other) => one - other));
  expect(late.at(-1)).toBe(132);
});

it.each([
  ["the largest numbers", [-1.7e308, 1.7e308, 0], 1.7e308],
  ["numbers that are none", [1, Number.NaN, Number.POSITIVE_INFINITY, 2], Number.NaN],
  ["no numbers at all", [Number.NaN], undefined as unknown as number],
])("a picture has only places that are numbers, with %s", (_, values, predicted) => {
  const horizons = [{ horizon: "5m", at: 5 * MINUTE, predicted, lower: -1.7e308, upper: 1.7e308 }];
  const known = { id: "a", metric: "a", labels: {}, unit: "", state: "ready", at: 0, value: 1 } as const;
  const picture = sparkline({ ...known, horizons, recent: { values, stepSeconds: 60, endsAt: 0 } });
  expect(JSON.stringify(picture)).not.toMatch(/NaN|Infinity|null/);
});
