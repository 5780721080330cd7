import type { ExponentialBuckets, HistogramPoint } from "../core/metric-point.ts";

/** The bounds are powers of two. In seconds they reach from about a millisecond to over an hour. */
const LOWEST_EXPONENT = -10;
const HIGHEST_EXPONENT = 12;

/** The bounds of all octave histograms, in ascending order: 2^-10 to 2^12. */
export const OCTAVE_BOUNDARIES: readonly number[] = Array.from(
  { length: HIGHEST_EXPONENT - LOWEST_EXPONENT + 1 },
  (_, index) => 2 ** (LOWEST_EXPONENT + index),
);

/**
 * A cumulative histogram with one bucket per octave. Its bounds are also bounds of exponential
 * histograms of any scale of at least 0. So its counts are exact for points of such histograms.
 */
export class OctaveHistogram {
  readonly counts = new Array<number>(OCTAVE_BOUNDARIES.length + 1).fill(0);
  count = 0;
  sum = 0;

  /** Adds a delta. */
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
    const { offset, bucketCounts } = point.positive;
    for (let index = 0; index < bucketCounts.length; index += 1) {
      const count = bucketCounts[index] as number;
      // Most buckets are empty, and a power costs more than all the rest.
      if (count !== 0) this.#put(2 ** ((offset + index + 1) / 2 ** point.scale), count);
    }
  }

  /** What was added so far, in the shape of OpenTelemetry's histograms. */
  toHistogram(): { buckets: { boundaries: number[]; counts: number[] }; count: number; sum: number } {
    const { counts, count, sum } = this;
    return { buckets: { boundaries: [...OCTAVE_BOUNDARIES], counts: [...counts] }, count, sum };
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
