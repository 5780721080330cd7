import { familyOf } from "../../advice/metric-advice.ts";
import { INTERVAL_LEVEL, INTERVAL_LEVEL_LABEL } from "../../metrics/forecast-metrics.ts";
import type { ForecastMetric } from "../catalogue/forecast-metric.ts";
import { predictionsOf } from "../metric-names.ts";
import { selector } from "../promql.ts";
import { headingOf } from "../rules/wording.ts";
import type { PanelSpec } from "./dashboard-spec.ts";

/** Names that the band of a forecast is drawn between. */
export const OBSERVED = "observed";
export const PREDICTED = "predicted";
export const LOWER = "lower bound";
export const UPPER = "upper bound";

/**
 * How far back a value is looked for. Prometheus alone would draw the last value on for five minutes, into the future of
 * the dashboard.
 */
export const FRESH = "$__rate_interval";

const GRAFANA_UNITS: Readonly<Record<string, string>> = { "%": "percent", s: "s", By: "bytes" };

/**
 * A metric with its forecast, each forecast drawn at the time that it speaks of: `offset $horizon` moves what was
 * predicted an hour ago to now, and what is predicted now an hour on. Of several processes the worst is shown.
 */
export function forecastPanel(metric: ForecastMetric, matchers: readonly string[]): PanelSpec {
  const { bounds, threshold, otherLabels } = metric;
  const worst = isFallingBad(metric) ? "min" : "max";
  const by = otherLabels.length === 0 ? "" : ` by (${otherLabels.join(", ")})`;
  const legend = otherLabels.map((label) => `{{${label}}} `).join("");
  const { predicted, lower, upper } = predictionsOf(metric.metric);
  const ahead = [...matchers, 'horizon="$horizon"'];
  const atLevel = [...ahead, `level="${INTERVAL_LEVEL_LABEL}"`];
  const shifted = (name: string, of: readonly string[]): string =>
    `${worst}${by} (last_over_time(${selector(name, of)}[${FRESH}] offset $horizon))`;
  const observed = `${worst}${by} (last_over_time(${selector(metric.metric, matchers)}[${FRESH}]))`;
  const band = [
    { expr: shifted(lower, atLevel), legend: LOWER },
    { expr: shifted(upper, atLevel), legend: UPPER },
  ];
  return {
    kind: "forecast",
    title: headingOf(metric.metric),
    description: `${metric.metric} of the process that is worst off, and what was predicted for each time $horizon before it, with its ${INTERVAL_LEVEL * 100} % interval.`,
    unit: grafanaUnit(metric),
    ...(bounds.lower === undefined ? {} : { min: bounds.lower }),
    ...(bounds.upper === undefined ? {} : { max: bounds.upper }),
    ...(threshold === undefined ? {} : { limit: threshold }),
    width: 8,
    height: 8,
    queries: [
      { expr: observed, legend: `${legend}${OBSERVED}` },
      { expr: shifted(predicted, ahead), legend: `${legend}${PREDICTED}` },
      // A band belongs to one line: it is drawn between two names.
      ...(otherLabels.length === 0 ? band : []),
    ],
  };
}

/** Whether a person worries when it falls. */
export function isFallingBad({ metric }: ForecastMetric): boolean {
  return familyOf(metric).family.trouble === "falling";
}

export function grafanaUnit({ unit, bounds, metric }: ForecastMetric): string {
  if (bounds.lower === 0 && bounds.upper === 1) return "percentunit";
  if (metric.endsWith("_bytes_per_second")) return "Bps";
  return GRAFANA_UNITS[unit] ?? "short";
}
