import type { Threshold } from "../core/threshold.ts";

/**
 * Whether a value has crossed a threshold. A value on the threshold has not, as with `>` and `<` in
 * an alerting rule.
 */
export function isPast(value: number, threshold: Threshold): boolean {
  return threshold.direction === "above" ? value > threshold.value : value < threshold.value;
}

/**
 * Finds when a series crosses a threshold: follows its predicted path point by point. The path
 * between two points is a straight line. Nothing is extrapolated beyond the last point.
 */
export class CrossingSearch {
  readonly #threshold: Threshold;
  #secondsAhead = 0;
  #mean: number;

  /** `current` is the value now, from which the path starts. */
  constructor(current: number, threshold: Threshold) {
    this.#mean = current;
    this.#threshold = threshold;
  }

  /**
   * Follows the path to its next point. Returns the seconds from now to the crossing, or
   * `undefined` when the path has not crossed the threshold so far. The result is 0 when the series
   * has crossed it already.
   */
  follow(secondsAhead: number, mean: number): number | undefined {
    const before = this.#mean;
    if (isPast(before, this.#threshold)) return this.#secondsAhead;
    if (isPast(mean, this.#threshold)) {
      const share = (this.#threshold.value - before) / (mean - before);
      return this.#secondsAhead + share * (secondsAhead - this.#secondsAhead);
    }
    this.#mean = mean;
    this.#secondsAhead = secondsAhead;
    return undefined;
  }
}
