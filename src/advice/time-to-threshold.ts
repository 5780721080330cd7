import type { Threshold } from "../core/threshold.ts";

/** A predicted value of a series, in the unit of the metric, and how far ahead of now it lies. */
export interface PathPoint {
  readonly secondsAhead: number;
  readonly mean: number;
}

/**
 * Whether a value has crossed a threshold. A value equal to the threshold has not, as with `>` and `<` in an
 * alerting rule.
 */
export function isPast(value: number, threshold: Threshold): boolean {
  return threshold.direction === "above" ? value > threshold.value : value < threshold.value;
}

/**
 * Seconds until the predicted path crosses a threshold, interpolated linearly between its points. 0 when `current`
 * has crossed it already; `undefined` when the path does not cross it. Nothing is extrapolated beyond the path. The
 * path is read only as far as the crossing. O(points).
 *
 * @param path Predicted values, in ascending order of `secondsAhead`.
 */
export function timeToThreshold(
  current: number,
  path: Iterable<PathPoint>,
  threshold: Threshold,
): number | undefined {
  if (isPast(current, threshold)) return 0;
  let before: PathPoint = { secondsAhead: 0, mean: current };
  for (const point of path) {
    if (isPast(point.mean, threshold)) {
      const share = (threshold.value - before.mean) / (point.mean - before.mean);
      return before.secondsAhead + share * (point.secondsAhead - before.secondsAhead);
    }
    before = point;
  }
  return undefined;
}
