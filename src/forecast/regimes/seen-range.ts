import { numberRow } from "../../math/number-row.ts";
import type { PlausibleRange } from "../method.ts";

/** A forecast is at most this many times the range of all values beyond it. */
const MAX_RANGES = 2;
/** The bounds of an interval are at most this many times the range beyond it. */
const MAX_RANGES_OF_BOUNDS = 5;

/** The plausible forecast that is nearest to a value, of a series that was between these values. */
export function nearestPlausible(
  value: number,
  lowest: number,
  highest: number,
  ranges = MAX_RANGES,
): number {
  const beyond = ranges * (highest - lowest);
  return Math.min(highest + beyond, Math.max(lowest - beyond, value));
}

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
    return nearestPlausible(value, this.lowest, this.highest);
  }

  /** The nearest plausible bounds of an interval. */
  boundsWithin({ lower, upper }: PlausibleRange): PlausibleRange {
    const { lowest, highest } = this;
    return {
      lower: nearestPlausible(lower, lowest, highest, MAX_RANGES_OF_BOUNDS),
      upper: nearestPlausible(upper, lowest, highest, MAX_RANGES_OF_BOUNDS),
    };
  }
}
