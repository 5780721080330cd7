import type { AlertRule } from "../../alerts/entries.ts";
import type { Bounds } from "../../core/bounds.ts";
import type { Threshold } from "../../core/threshold.ts";
import type { Findings } from "./finding.ts";
import type { KnownMetric } from "./known-metrics.ts";
import { patternsMeet } from "./patterns-meet.ts";

/** The metric of a rule must be one that is forecast, and its thresholds values that the metric can cross. */
export function checkNumbers(
  rule: AlertRule,
  threshold: Threshold,
  recovery: number,
  metrics: readonly KnownMetric[],
  path: readonly (string | number)[],
  findings: Findings,
): void {
  const known = metrics.filter(({ pattern }) => patternsMeet(pattern, rule.metric));
  if (known.length === 0) {
    const near = nearest(rule.metric, metrics).join(", ");
    findings.add(
      [...path, "metric"],
      `${rule.metric} is not a metric that the default views or the given ones forecast, such as ${near}; an instrument of the application has to be named by a view`,
    );
  }
  const { direction, value } = threshold;
  for (const { bounds } of known) {
    const wrong = outside(value, direction, bounds);
    if (wrong === undefined) continue;
    findings.add([...path, "threshold", direction], wrong);
    break;
  }
  const isSafe = direction === "above" ? recovery <= value : recovery >= value;
  if (!isSafe) {
    const side = direction === "above" ? "at or below" : "at or above";
    findings.add([...path, "threshold", "recovery"], `must be ${side} the threshold of ${value}`);
  }
  for (const { bounds } of rule.threshold.recovery === undefined ? [] : known) {
    if (recovery >= (bounds.lower ?? recovery) && recovery <= (bounds.upper ?? recovery)) continue;
    findings.add([...path, "threshold", "recovery"], `must be within ${inWords(bounds)}`);
    break;
  }
}

/** What is wrong with a threshold that the metric can never go beyond, or always is beyond. */
export function outside(
  value: number,
  direction: Threshold["direction"],
  bounds: Bounds,
): string | undefined {
  const { lower = Number.NEGATIVE_INFINITY, upper = Number.POSITIVE_INFINITY } = bounds;
  const isReachable =
    direction === "above" ? value >= lower && value < upper : value > lower && value <= upper;
  return isReachable ? undefined : `must be a value that the metric can cross within ${inWords(bounds)}`;
}

function inWords({ lower, upper }: Bounds): string {
  if (lower === undefined) return `its bounds, up to ${upper}`;
  return upper === undefined ? `its bounds, from ${lower} up` : `its bounds, ${lower} to ${upper}`;
}

/** The three known metrics whose names begin most alike. */
function nearest(name: string, metrics: readonly KnownMetric[]): string[] {
  const alike = (other: string): number => {
    let length = 0;
    while (length < name.length && name[length] === other[length]) length += 1;
    return length;
  };
  return [...new Set(metrics.map(({ pattern }) => pattern))]
    .sort((one, other) => alike(other) - alike(one))
    .slice(0, 3);
}
