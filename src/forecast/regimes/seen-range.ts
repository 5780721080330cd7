import { numberRow } from "../../math/number-row.ts";
import type { PlausibleRange } from "../method.ts";

/** A forecast is at most this many times the range of all values beyond it. */
const MAX_RANGES = 2;
/** The bounds of an interval are at most this many times the range beyond it. */
const MAX_RANGES_OF_BOUNDS = 5;

/**
 * The range of all values that a series ever had. A forecast that is far outside is an extrapolation
 * that went wrong.
 */
export class SeenRange extends numberRow(["lowest", "highest"]) {
  constructor() {
    super();
    this.lowest = Number.POSITIVE_INFINITY;
    this.highest = Number.NEGATIVE_INFINITY;
  }

  /** Takes the next value; `NaN` for a gap. */
  take(value: number): void {
    if (value < this.lowest) this.lowest = value;
    if (value > this.highest) this.highest = value;
  }

  /** Whether a value lies within the range. */
  contains(value: number): boolean {
    return value >= this.lowest && value <= this.highest;
  }

  /** The nearest plausible value. */
  within(value: number): number {
    return this.#limited(value, MAX_RANGES);
  }

  /** The nearest plausible bounds of an interval. */
  boundsWithin({ lower, upper }: PlausibleRange): PlausibleRange {
    return {
      lower: this.#limited(lower, MAX_RANGES_OF_BOUNDS),
      upper: this.#limited(upper, MAX_RANGES_OF_BOUNDS),
    };
  }

  #limited(value: number, ranges: number): number {
    const beyond = ranges * (this.highest - this.lowest);
    return Math.min(this.highest + beyond, Math.max(this.lowest - beyond, value));
  }
}
