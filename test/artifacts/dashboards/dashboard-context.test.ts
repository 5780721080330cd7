import { expect, it } from "vitest";
import type { ForecastMetric } from "../../../src/artifacts/catalogue/forecast-metric.ts";
import { dashboardContext, timeRange } from "../../../src/artifacts/dashboards/dashboard-context.ts";
import { optionsFor } from "../options-for.ts";

function metric(name: string, where?: ForecastMetric["where"]): ForecastMetric {
  return {
    ...{ metric: name, unit: "", where, except: [], bounds: {}, otherLabels: [], threshold: undefined },
    ...{ isOfAgent: undefined, isOverAgents: false, horizons: [], isDailyTotal: false },
  };
}

/** The metrics that a dashboard shows, with the attributes of their views. */
function shown(...metrics: readonly ForecastMetric[]): unknown[] {
  const context = dashboardContext(optionsFor(), { metrics, remarks: [] });
  return context.metrics.map(({ metric: name, where }) => [name, where]);
}

it("a dashboard shows a metric once: by the view of all its series, wherever that is", () => {
  const [one, two] = [metric("a", { region: "eu" }), metric("a", { region: "us" })];
  expect(shown(one, metric("a"), two)).toEqual([["a", undefined]]);
  expect(shown(metric("a"), one)).toEqual([["a", undefined]]);
});

it("a dashboard shows a metric by its first view if none has all of its series", () => {
  const [one, two] = [metric("a", { region: "eu" }), metric("a", { region: "us" })];
  expect(shown(one, two, metric("b", { region: "us" }))).toEqual([
    ["a", { region: "eu" }],
    ["b", { region: "us" }],
  ]);
});

it.each([
  ["10m", "now-6h", "now+10m"],
  ["3h", "now-6h", "now+3h"],
  ["1d", "now-48h", "now+1d"],
  ["1h,4h,10m", "now-8h", "now+4h"],
])("a dashboard for %s begins at %s and ends at %s", (horizons, from, to) => {
  const context = dashboardContext(optionsFor(undefined, { OTEL_FORECAST_HORIZONS: horizons }), {
    ...{ metrics: [], remarks: [] },
  });
  expect(timeRange(context)).toEqual({ from, to });
});
