import type { ExponentialBuckets, HistogramPoint } from "../core/metric-point.ts";

/**
 * Upper bounds in powers of two from about a millisecond to a little over an hour, when the unit is
 * a second.
 */
const LOWEST_EXPONENT = -10;
const HIGHEST_EXPONENT = 12;

/** The bounds of every octave histogram, ascending: 2^-10 ... 2^12. */
export const OCTAVE_BOUNDARIES: readonly number[] = Array.from(
  { length: HIGHEST_EXPONENT - LOWEST_EXPONENT + 1 },
  (_, index) => 2 ** (LOWEST_EXPONENT + index),
);

/**
 * A cumulative histogram with one bucket an octave. Each bound is a bound of the exponential
 * histograms that it is fed with, at every scale from 0 up, so that its counts are exact.
 */
export class OctaveHistogram {
  readonly counts = new Array<number>(OCTAVE_BOUNDARIES.length + 1).fill(0);
  count = 0;
  sum = 0;

  add(point: HistogramPoint): void {
    this.count += point.count;
    this.sum += point.sum;
    if (point.kind === "explicit") {
      point.counts.forEach((count, index) => {
        this.#put(point.boundaries[index] ?? Number.POSITIVE_INFINITY, count);
      });
      return;
    }
    this.#put(0, point.zeroCount + total(point.negative));
    point.positive.bucketCounts.forEach((count, index) => {
      this.#put(2 ** ((point.positive.offset + index + 1) / 2 ** point.scale), count);
    });
  }

  #put(upperBound: number, count: number): void {
    if (count === 0) return;
    const octave = upperBound <= 0 ? 0 : Math.ceil(Math.log2(upperBound) - 1e-9) - LOWEST_EXPONENT;
    const index = Math.min(Math.max(octave, 0), OCTAVE_BOUNDARIES.length);
    this.counts[index] = (this.counts[index] as number) + count;
  }
}

function total(buckets: ExponentialBuckets): number {
  return buckets.bucketCounts.reduce((sum, count) => sum + count, 0);
}
