import { medianSorted } from "simple-statistics";
import { ascendingOrder } from "../math/ascending-order.ts";

/** Larger values are limited to this, so that differences of two values stay finite. */
const MAX_VALUE = 1e300;
/**
 * Points further away than this many scales are limited to it, so that sums of squares stay finite.
 */
const MAX_SCALES = 1e9;

/**
 * Converts a series to units in which its median is 0 and its usual distance from the median is
 * about 1, and forecasts back. Methods see only such numbers. This makes them equivariant to shift
 * and scale, and safe from overflow and underflow.
 */
export class Scaling {
  readonly #middle: number;
  readonly #unit: number;

  /** @param unit the usual distance from the middle, more than 0. */
  constructor(middle: number, unit: number) {
    this.#middle = middle;
    this.#unit = unit;
  }

  scale(value: number): number {
    if (!Number.isFinite(value)) return Number.NaN;
    const scaled = (limited(value) - this.#middle) / this.#unit;
    return Math.min(MAX_SCALES, Math.max(-MAX_SCALES, scaled));
  }

  restore(scaled: number): number {
    return limited(this.#middle + scaled * this.#unit);
  }
}

/**
 * Scaling by the median and the mean absolute deviation from it. When that deviation is 0, by the
 * largest deviation. Both are rounded, so that scaled values of few digits keep them in single precision:
 * a count of 0 that was scaled and restored is 0 again. The middle of values that are all the same is not.
 */
export function scalingOf(values: readonly number[] | Float64Array): Scaling {
  const sorted = ascending(finiteOf(values));
  const middle = sorted.length > 0 ? medianSorted(sorted as unknown as number[]) : 0;
  const furthest = furthestFrom(middle, sorted);
  const unit = 2 ** Math.round(Math.log2(usualDistance(middle, sorted) || furthest || 1));
  const rounded = Math.fround(middle);
  const mayRound = furthest > 0 && Math.abs(rounded - middle) < unit;
  return new Scaling(mayRound ? rounded : middle, unit);
}

/** The scaled values from the first on that is not a gap. `NaN` is a gap. */
export function scaledFromFirstValid(
  values: readonly number[] | Float64Array,
  scaling: Scaling,
): Float64Array {
  let first = 0;
  while (first < values.length && !Number.isFinite(values[first])) first++;
  const scaled = new Float64Array(values.length - first);
  for (let index = 0; index < scaled.length; index++)
    scaled[index] = scaling.scale(values[first + index] as number);
  return scaled;
}

/** The values without gaps, none too large. */
function finiteOf(values: readonly number[] | Float64Array): Float64Array {
  const finite = new Float64Array(values.length);
  let count = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (Number.isFinite(value)) finite[count++] = limited(value);
  }
  return finite.subarray(0, count);
}

function ascending(values: Float64Array): Float64Array {
  const order = ascendingOrder(values);
  const sorted = new Float64Array(values.length);
  for (let rank = 0; rank < order.length; rank++) sorted[rank] = values[order[rank] as number] as number;
  return sorted;
}

/** The nearest value that forecasts can be made of. */
export function limited(value: number): number {
  return Math.min(MAX_VALUE, Math.max(-MAX_VALUE, value));
}

/** The largest distance of ascending values from their median. */
function furthestFrom(middle: number, sorted: Float64Array): number {
  if (sorted.length === 0) return 0;
  return Math.max(middle - (sorted[0] as number), (sorted[sorted.length - 1] as number) - middle);
}

/**
 * Mean of the lower nine tenths of the distances of ascending values from their median: from the middle
 * outwards, the nearer of the next values on both sides.
 */
function usualDistance(middle: number, sorted: Float64Array): number {
  const kept = Math.min(sorted.length, Math.max(1, Math.floor(sorted.length * 0.9)));
  let above = sorted.length >> 1;
  let below = above - 1;
  let mean = 0;
  for (let count = 0; count < kept; count++) {
    const down = below < 0 ? Number.POSITIVE_INFINITY : middle - (sorted[below] as number);
    const up = above >= sorted.length ? Number.POSITIVE_INFINITY : (sorted[above] as number) - middle;
    mean += (down < up ? down : up) / kept;
    if (down < up) below--;
    else above++;
  }
  return mean;
}
