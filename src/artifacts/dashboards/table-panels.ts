import { FORECASTER } from "../metric-names.ts";
import type { PanelSpec } from "./dashboard-spec.ts";

const OF_SERIES = { job: "Job", instance: "Instance" } as const;

/** Series that are forecast to cross their threshold. */
export function crossings(matchers: string, width: number): PanelSpec {
  return {
    kind: "table",
    title: "Thresholds that will be crossed",
    description: `${FORECASTER.timeToThreshold}, soonest first: series that are forecast to cross their threshold.`,
    unit: "s",
    width,
    height: 8,
    words: { 0: { text: "now", color: "text" } },
    columns: { metric: "Metric", agent: "Agent", Value: "Crossed in", threshold: "Threshold", ...OF_SERIES },
    queries: [
      { expr: `sort(${FORECASTER.timeToThreshold}${matchers})`, legend: "{{metric}}", isInstant: true },
    ],
  };
}

/** Series whose past forecasts were the worst, at the chosen horizon. */
export function worstForecasts(matchers: string): PanelSpec {
  return {
    kind: "table",
    title: "Series with the worst forecasts",
    description:
      "Error of past forecasts, relative to the naive forecast (no change). Below 1, forecasts are better.",
    unit: "short",
    width: 8,
    height: 10,
    columns: { metric: "Metric", Value: "Error", agent: "Agent", ...OF_SERIES },
    withoutLabels: ["horizon"],
    queries: [
      { expr: `topk(10, ${FORECASTER.errorRatio}${matchers})`, legend: "{{metric}}", isInstant: true },
    ],
  };
}
