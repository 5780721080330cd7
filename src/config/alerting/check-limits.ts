import type { AlertRule } from "../../alerts/entries.ts";
import type { Bounds } from "../../core/bounds.ts";
import type { Threshold } from "../../core/threshold.ts";
import type { ForecastView } from "../../views/forecast-view.ts";
import { patternsMeet } from "../../views/pattern.ts";
import { toThreshold } from "../schema.ts";
import type { Finding, Findings } from "./findings.ts";
import type { KnownMetric } from "./known-metrics.ts";

/**
 * Reports limits that a metric of the alert cannot cross, and a recovery on the wrong side of the
 * threshold. One of several metrics is named.
 */
export function checkAlertLimits(
  { metric, threshold: given }: Pick<AlertRule, "metric" | "threshold">,
  metrics: readonly KnownMetric[],
  findings: Findings,
): void {
  const isPattern = /[*?]/.test(metric);
  const threshold = toThreshold(given);
  const { direction, value } = threshold;
  const outside = metrics
    .map(({ bounds, pattern }) => messageIfOutside(threshold, bounds, isPattern ? pattern : undefined))
    .find(Boolean);
  if (outside !== undefined) findings.at(direction).add(outside);
  const { recovery } = given;
  if (recovery === undefined) return;
  const isSafe = direction === "above" ? recovery <= value : recovery >= value;
  if (!isSafe) {
    const side = direction === "above" ? "at or below" : "at or above";
    findings.at("recovery").add(`must be ${side} the threshold of ${value}`);
  }
  const wrong = metrics.find(({ bounds: { lower = recovery, upper = recovery } }) => {
    return recovery < lower || recovery > upper;
  });
  const whose = isPattern ? `the bounds of ${wrong?.pattern}` : "its bounds";
  if (wrong !== undefined) findings.at("recovery").add(`must be within ${whose}${inWords(wrong.bounds)}`);
}

/** Finds the thresholds of views that their metrics cannot cross, because they are outside its bounds. */
export function checkViewLimits(views: readonly ForecastView[]): Finding[] {
  return views.flatMap((view, index) =>
    view.outputs.flatMap(({ threshold, bounds = {} }) => {
      const wrong = threshold && messageIfOutside(threshold, bounds);
      return wrong === undefined ? [] : [{ path: ["views", index, "threshold"], message: wrong }];
    }),
  );
}

/** The same of thresholds by the names of metrics. */
export function checkThresholdLimits(
  thresholds: ReadonlyMap<string, Threshold>,
  known: () => readonly KnownMetric[],
): Finding[] {
  return [...thresholds].flatMap(([metric, threshold]) => {
    const first = known().find(({ pattern }) => patternsMeet(pattern, metric));
    const wrong = first && messageIfOutside(threshold, first.bounds);
    return wrong === undefined ? [] : [{ path: ["thresholds", metric], message: wrong }];
  });
}

/** The message for a threshold that the metric is never beyond, or always. */
function messageIfOutside(
  { value, direction }: Threshold,
  bounds: Bounds,
  metric = "the metric",
): string | undefined {
  const { lower = Number.NEGATIVE_INFINITY, upper = Number.POSITIVE_INFINITY } = bounds;
  const isReachable =
    direction === "above" ? value >= lower && value < upper : value > lower && value <= upper;
  return isReachable
    ? undefined
    : `must be a value that ${metric} can cross within its bounds${inWords(bounds)}`;
}

function inWords({ lower, upper }: Bounds): string {
  if (lower === undefined) return `, up to ${upper}`;
  return upper === undefined ? `, from ${lower} up` : `, ${lower} to ${upper}`;
}
