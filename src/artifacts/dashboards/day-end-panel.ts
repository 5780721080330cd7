import { MIDNIGHT } from "../../core/horizon.ts";
import { INTERVAL_LEVEL, INTERVAL_LEVEL_LABEL } from "../../metrics/forecast-metrics.ts";
import type { ForecastMetric } from "../catalogue/forecast-metric.ts";
import { FORECASTER } from "../metric-names.ts";
import { equal, selector } from "../promql.ts";
import { headingOf } from "../rules/wording.ts";
import type { PanelSpec } from "./dashboard-spec.ts";
import { FRESH, grafanaUnit, LOWER, OBSERVED, PREDICTED, UPPER } from "./forecast-panel.ts";

/** A total of the day with what it was forecast to come to by midnight, at the time of the forecast. The largest of several processes is shown. */
export function dayEndPanel(metric: ForecastMetric, matchers: readonly string[]): PanelSpec {
  const ofMetric = [...matchers, equal("metric", metric.metric)];
  const atLevel = [...ofMetric, equal("level", INTERVAL_LEVEL_LABEL)];
  const largest = (name: string, of: readonly string[]): string =>
    `max (last_over_time(${selector(name, of)}[${FRESH}]))`;
  return {
    kind: "forecast",
    title: `${headingOf(metric.metric)} by ${MIDNIGHT.label}`,
    description: `${metric.metric}, and what it comes to by the end of the day, as forecast at each time, with its ${INTERVAL_LEVEL * 100} % interval.`,
    unit: grafanaUnit(metric),
    min: 0,
    ...(metric.threshold === undefined ? {} : { limit: metric.threshold }),
    width: 8,
    height: 8,
    queries: [
      { expr: largest(metric.metric, matchers), legend: OBSERVED },
      { expr: largest(FORECASTER.dayEnd, ofMetric), legend: PREDICTED },
      { expr: largest(FORECASTER.dayEndLower, atLevel), legend: LOWER },
      { expr: largest(FORECASTER.dayEndUpper, atLevel), legend: UPPER },
    ],
  };
}
