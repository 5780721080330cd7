import { MIDNIGHT } from "../../core/horizon.ts";
import { INTERVAL_LEVEL, INTERVAL_LEVEL_LABEL } from "../../metrics/forecast-metrics.ts";
import type { ForecastMetric } from "../catalogue/forecast-metric.ts";
import { FORECASTER } from "../metric-names.ts";
import { equal, selector } from "../promql.ts";
import { headingOf } from "../rules/wording.ts";
import type { PanelSpec } from "./dashboard-spec.ts";
import { grafanaUnit, LOWER, PREDICTED, UPPER } from "./forecast-panel.ts";
import { freshValues } from "./line-panel.ts";

/**
 * The forecast of a daily total for midnight, drawn at the time of the forecast. Of several processes
 * the largest total is shown. The total itself has a panel of its own: on one axis with what the day
 * comes to, it would be a line at the bottom.
 */
export function dayEndPanel(metric: ForecastMetric, matchers: readonly string[]): PanelSpec {
  const ofMetric = [...matchers, equal("metric", metric.metric)];
  const atLevel = [...ofMetric, equal("level", INTERVAL_LEVEL_LABEL)];
  const largest = (name: string, of: readonly string[]): string => `max (${freshValues(selector(name, of))})`;
  return {
    kind: "forecast",
    title: `${headingOf(metric.metric)} by ${MIDNIGHT.label}`,
    description: `What ${metric.metric} comes to at the end of the day, with its ${INTERVAL_LEVEL * 100} % interval, drawn at the time of the forecast.`,
    unit: grafanaUnit(metric),
    min: 0,
    ...(metric.threshold === undefined
      ? {}
      : { limit: metric.threshold, leastMax: 1.1 * metric.threshold.value }),
    width: 8,
    height: 8,
    queries: [
      { expr: largest(FORECASTER.dayEnd, ofMetric), legend: PREDICTED },
      { expr: largest(FORECASTER.dayEndLower, atLevel), legend: LOWER },
      { expr: largest(FORECASTER.dayEndUpper, atLevel), legend: UPPER },
    ],
  };
}
