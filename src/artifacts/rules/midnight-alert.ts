import { familyOf } from "../../advice/metric-advice.ts";
import { MIDNIGHT } from "../../core/horizon.ts";
import { INTERVAL_LEVEL_LABEL } from "../../metrics/forecast-metrics.ts";
import { FORECASTER } from "../metric-names.ts";
import { equal, matchersOf, selector } from "../promql.ts";
import type { LimitedMetric } from "./limits.ts";
import { queried, shownLimit, shownValue, subjectOf, valueNow } from "./wording.ts";

/**
 * The condition of a daily total: the nearer bound of its forecast for midnight is past the limit.
 * It needs no other condition: a total always rises, and shorter horizons show how good its
 * forecasts are.
 */
export function midnightExpression({ metric, where, except, threshold }: LimitedMetric): string {
  const bound = (filters: readonly string[]): string =>
    selector(FORECASTER.dayEndLower, [
      equal("metric", metric),
      equal("level", INTERVAL_LEVEL_LABEL),
      ...filters,
    ]);
  const readyOf = selector(FORECASTER.ready, [equal("metric", metric)]);
  return [
    `${bound(matchersOf(where))} > ${threshold.value}`,
    ...except.map((filter) => `unless ${bound(matchersOf(filter))}`),
    `and ignoring (level) ${readyOf} == 1`,
  ].join("\n");
}

/** The description of the alert on a daily total, as a Go template. */
export function midnightDescription(limited: LimitedMetric): string {
  const { metric, threshold } = limited;
  const shown = (value: string): string => shownValue(limited, value);
  const ofMetric = [equal("metric", metric), "%s"];
  const crossing = selector(FORECASTER.timeToThreshold, ofMetric);
  return [
    subjectOf(limited),
    `is ${valueNow(limited, shown)}forecast to be ${queried(selector(FORECASTER.dayEnd, ofMetric), shown)} by ${MIDNIGHT.label},`,
    `at least ${shown("$value")}.`,
    `It goes above ${shownLimit(limited, threshold.value)}`,
    `${queried(crossing, (value) => `in about {{ ${value} | humanizeDuration }}`, `by ${MIDNIGHT.label}`)}:`,
    `${familyOf(metric).family.whenRising}.`,
  ].join(" ");
}
