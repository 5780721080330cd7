import { type Quantity, quantityOf } from "../../advice/human-units.ts";
import { familyOf } from "../../advice/metric-advice.ts";
import { INTERVAL_LEVEL, INTERVAL_LEVEL_LABEL } from "../../metrics/forecast-metrics.ts";
import type { ForecastMetric } from "../catalogue/forecast-metric.ts";
import { predictionsOf } from "../metric-names.ts";
import { selector } from "../promql.ts";
import { headingOf } from "../rules/wording.ts";
import type { PanelSpec } from "./dashboard-spec.ts";
import { freshValues, leastAxisOf } from "./line-panel.ts";

/** The legends of a forecast. The styles of lines, and the filled band, refer to them. */
export const OBSERVED = "observed";
export const PREDICTED = "predicted";
export const LOWER = "lower bound";
export const UPPER = "upper bound";

const GRAFANA_UNITS: Readonly<Record<Quantity, string>> = {
  percent: "percent",
  share: "percentunit",
  duration: "s",
  bytes: "bytes",
  "bytes-per-second": "Bps",
  "per-second": "count:/s",
  usd: "currencyUSD",
  number: "short",
};
/** What is counted by the second. */
const COUNTED: readonly (readonly [RegExp, string])[] = [
  [/tokens_per_second$/, "count:tokens/s"],
  [/tasks_per_second$/, "count:tasks/s"],
  [/tool_calls_per_second$/, "count:calls/s"],
  [/(request_rate|throughput)$/, "reqps"],
];

/**
 * A metric with its forecast. Each forecast is drawn at the time that it predicts: `offset
 * $horizon` moves what was predicted an hour ago to now. Of several processes the worst value is
 * shown.
 */
export function forecastPanel(metric: ForecastMetric, matchers: readonly string[]): PanelSpec {
  const { threshold, otherLabels, origin } = metric;
  const worst = isFallingBad(metric) ? "min" : "max";
  const by = otherLabels.length === 0 ? "" : ` by (${otherLabels.join(", ")})`;
  const legend = otherLabels.map((label) => `{{${label}}} `).join("");
  const { predicted, lower, upper } = predictionsOf(metric.metric);
  const ahead = [...matchers, 'horizon="$horizon"'];
  const atLevel = [...ahead, `level="${INTERVAL_LEVEL_LABEL}"`];
  const shifted = (name: string, of: readonly string[]): string =>
    `${worst}${by} (${freshValues(selector(name, of), " offset $horizon")})`;
  const observed = `${worst}${by} (${origin ?? freshValues(selector(metric.metric, matchers))})`;
  const band = [
    { expr: shifted(lower, atLevel), legend: LOWER },
    { expr: shifted(upper, atLevel), legend: UPPER },
  ];
  return {
    kind: "forecast",
    title: headingOf(metric.metric),
    description: `${metric.metric}, and its forecast from $horizon before with its ${INTERVAL_LEVEL * 100} % interval. Of several processes, the ${isFallingBad(metric) ? "lowest" : "highest"} value.`,
    unit: grafanaUnit(metric),
    ...axisOf(metric),
    ...(threshold === undefined ? {} : { limit: threshold }),
    width: 8,
    height: 8,
    queries: [
      { expr: observed, legend: `${legend}${OBSERVED}` },
      { expr: shifted(predicted, ahead), legend: `${legend}${PREDICTED}` },
      // A band fits only one line: Grafana draws it between two legends.
      ...(otherLabels.length === 0 ? band : []),
    ],
  };
}

/** Where the axis of a success rate begins: most are so high that they would be a line at the top. */
export const SUCCESS_FROM = 0.9;

/** Metrics that are often 0 for a long time. */
const IS_OFTEN_0 = /_(active_tasks|open_failures|tasks_per_second|tool_calls_per_second)$/;

/**
 * A rate of success is shown near 1, and one of failure near 0, where they are. Both axes grow if values
 * are elsewhere.
 */
function axisOf(metric: ForecastMetric): Pick<PanelSpec, "min" | "max" | "leastMax"> {
  const { bounds, threshold } = metric;
  if (bounds.lower === 0 && bounds.upper === 1) {
    if (isFallingBad(metric)) return { min: SUCCESS_FROM, max: 1 };
    return { min: 0, ...(threshold === undefined ? {} : { leastMax: Math.min(1, 2 * threshold.value) }) };
  }
  // A share without bounds looks like one with them: from 0, with its limit in sight.
  if (grafanaUnit(metric) === "percentunit" && threshold !== undefined)
    return { min: 0, leastMax: Math.max(threshold.value, Math.min(1, 1.1 * threshold.value)) };
  return {
    ...(bounds.lower === undefined ? {} : { min: bounds.lower }),
    ...(bounds.upper === undefined ? {} : { max: bounds.upper }),
    ...(IS_OFTEN_0.test(metric.metric) ? leastAxisOf(grafanaUnit(metric)) : {}),
  };
}

/** Whether falling is bad for this metric. */
export function isFallingBad({ metric }: ForecastMetric): boolean {
  return familyOf(metric).family.trouble === "falling";
}

/** The name of a metric's unit in Grafana; `short` for unknown ones. */
export function grafanaUnit({ unit, bounds, metric }: ForecastMetric): string {
  if (bounds.lower === 0 && bounds.upper === 1) return "percentunit";
  const counted = COUNTED.find(([name]) => name.test(metric));
  return counted?.[1] ?? GRAFANA_UNITS[quantityOf(metric, unit)];
}
