import { familyOf } from "../../advice/metric-advice.ts";
import type { Threshold } from "../../core/threshold.ts";
import type { Catalogue, ForecastMetric } from "../catalogue/forecast-metric.ts";
import { AGENT_ENDINGS } from "../metric-names.ts";

/** A metric with the limit that its forecasts are compared to. */
export interface LimitedMetric extends ForecastMetric {
  readonly threshold: Threshold;
}

/** The limit of what is full at 100 percent. */
const FULL_PERCENT: Threshold = { value: 90, direction: "above" };
/** The limits of shares that should be near 1, and of shares that should be near 0. */
const GOOD_SHARE: Threshold = { value: 0.95, direction: "below" };
const BAD_SHARE: Threshold = { value: 0.05, direction: "above" };

/**
 * The metrics that have a limit: the user's threshold, else the built-in limit of percents and
 * shares.
 */
export function limitedMetrics({ metrics }: Catalogue): LimitedMetric[] {
  return metrics.flatMap((metric) => {
    const threshold = metric.threshold ?? builtInLimit(metric, metrics);
    return threshold === undefined ? [] : [{ ...metric, threshold }];
  });
}

function builtInLimit(
  { metric, unit, bounds, isOfAgent }: ForecastMetric,
  all: readonly ForecastMetric[],
): Threshold | undefined {
  if (bounds.lower !== 0) return undefined;
  if (unit === "%" && bounds.upper === 100) return FULL_PERCENT;
  if (bounds.upper !== 1) return undefined;
  const { trouble } = familyOf(metric).family;
  if (trouble === "falling") return GOOD_SHARE;
  // The share of failures follows from the share of successes beside it: one alert is enough.
  const hasOpposite = all.some((other) => other.isOfAgent === isOfAgent && isOppositeOf(metric, other));
  return trouble === "rising" && !hasOpposite ? BAD_SHARE : undefined;
}

function isOppositeOf(metric: string, other: ForecastMetric): boolean {
  const { failureRate, successRate } = AGENT_ENDINGS;
  if (!metric.endsWith(failureRate)) return false;
  return other.bounds.upper === 1 && other.metric === metric.slice(0, -failureRate.length) + successRate;
}

/**
 * The value halfway from the best value of a metric to its limit. Past it, the metric is on its way
 * to the limit. Without bounds there is no best value, and the result is `undefined`.
 */
export function halfway({
  threshold,
  bounds,
}: Pick<LimitedMetric, "threshold" | "bounds">): number | undefined {
  const best = threshold.direction === "above" ? bounds.lower : bounds.upper;
  if (best === undefined) return undefined;
  const way = threshold.direction === "above" ? threshold.value - best : best - threshold.value;
  if (way <= 0) return undefined;
  return Number(((best + threshold.value) / 2).toPrecision(12));
}
