import { type Exemplar, withExemplar } from "../core/exemplar.ts";
import { FINE_BUCKETS, type FineBuckets } from "../core/fine-buckets.ts";
import type { ExponentialBuckets, ExponentialHistogramPoint, HistogramPoint } from "../core/metric-point.ts";

/** The bounds are powers of two. In seconds they reach from about a millisecond to over an hour. */
const LOWEST_EXPONENT = -10;
const HIGHEST_EXPONENT = 12;

/** The bounds of all octave histograms, in ascending order: 2^-10 to 2^12. */
export const OCTAVE_BOUNDARIES: readonly number[] = Array.from(
  { length: HIGHEST_EXPONENT - LOWEST_EXPONENT + 1 },
  (_, index) => 2 ** (LOWEST_EXPONENT + index),
);

/** At this scale a bucket is 1.1 % wide, so quantiles are within that. */
const FINEST_SCALE = 6;
/** At the finest scale, the values of five octaves. With values of more, buckets become wider. */
const MOST_FINE_BUCKETS = 320;
const NO_BUCKETS: ExponentialBuckets = { offset: 0, bucketCounts: [] };

/** A cumulative exponential histogram of values that are not negative. */
class FineTotal {
  #scale = FINEST_SCALE;
  #zeroCount = 0;
  /** The index of the first bucket. */
  #offset = 0;
  #counts: number[] = [];
  /** Whether the counts were given to somebody: they are not changed any more. */
  #isGiven = false;

  add({ scale, zeroCount, positive }: ExponentialHistogramPoint): void {
    this.#zeroCount += zeroCount;
    const { offset, bucketCounts } = positive;
    const first = bucketCounts.findIndex((count) => count > 0);
    if (first < 0) return;
    const last = bucketCounts.findLastIndex((count) => count > 0);
    this.#makeRoom(scale, offset + first, offset + last);
    const width = 2 ** (scale - this.#scale);
    for (let place = first; place <= last; place += 1) {
      const own = Math.floor((offset + place) / width) - this.#offset;
      this.#counts[own] = (this.#counts[own] as number) + (bucketCounts[place] as number);
    }
  }

  get buckets(): FineBuckets {
    this.#isGiven = true;
    const positive = { offset: this.#offset, bucketCounts: this.#counts };
    return { scale: this.#scale, zeroCount: this.#zeroCount, positive, negative: NO_BUCKETS };
  }

  /** Makes the counts a new array if they need room, and wider buckets if there would be too many. */
  #makeRoom(scale: number, first: number, last: number): void {
    const isEmpty = this.#counts.length === 0;
    let levels = Math.max(0, this.#scale - scale);
    const lowest = (): number => {
      const low = coarser(first, scale - this.#scale + levels);
      return isEmpty ? low : Math.min(low, coarser(this.#offset, levels));
    };
    const highest = (): number => {
      const high = coarser(last, scale - this.#scale + levels);
      return isEmpty ? high : Math.max(high, coarser(this.#offset + this.#counts.length - 1, levels));
    };
    while (highest() - lowest() >= MOST_FINE_BUCKETS) levels += 1;
    const [low, size] = [lowest(), highest() - lowest() + 1];
    if (levels === 0 && low === this.#offset && size === this.#counts.length && !this.#isGiven) return;
    const counts = new Array<number>(size).fill(0);
    for (const [place, count] of this.#counts.entries()) {
      const own = coarser(this.#offset + place, levels) - low;
      counts[own] = (counts[own] as number) + count;
    }
    this.#counts = counts;
    this.#offset = low;
    this.#scale -= levels;
    this.#isGiven = false;
  }
}

/**
 * A cumulative histogram with one bucket per octave. Its bounds are also bounds of exponential
 * histograms of any scale of at least 0. So its counts are exact for points of such histograms. Beside
 * them it has finer buckets, for those who can use them.
 */
export class OctaveHistogram {
  readonly #fine = new FineTotal();
  #isFine = true;
  #exemplar: Exemplar | undefined;
  readonly counts = new Array<number>(OCTAVE_BOUNDARIES.length + 1).fill(0);
  count = 0;
  sum = 0;

  /** Adds a delta. */
  add(point: HistogramPoint): void {
    this.count += point.count;
    this.sum += point.sum;
    if (point.kind === "explicit" || total(point.negative) > 0) this.#isFine = false;
    if (point.kind === "explicit") {
      point.counts.forEach((count, index) => {
        this.#put(point.boundaries[index] ?? Number.POSITIVE_INFINITY, count);
      });
      return;
    }
    if (this.#isFine) this.#fine.add(point);
    this.#exemplar = point.exemplar ?? this.#exemplar;
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
    const buckets = { boundaries: [...OCTAVE_BOUNDARIES], counts: [...counts] };
    const histogram = { buckets, count, sum };
    if (this.#isFine) Object.defineProperty(histogram, FINE_BUCKETS, { value: this.#fine.buckets });
    return withExemplar(histogram, this.#exemplar);
  }

  #put(upperBound: number, count: number): void {
    if (count === 0) return;
    const octave = upperBound <= 0 ? 0 : Math.ceil(Math.log2(upperBound) - 1e-9) - LOWEST_EXPONENT;
    const index = Math.min(Math.max(octave, 0), OCTAVE_BOUNDARIES.length);
    this.counts[index] = (this.counts[index] as number) + count;
  }
}

/** The index of a bucket when the scale has fallen by some levels. Shifts of bits would wrap at 32 of both. */
function coarser(index: number, levels: number): number {
  return Math.floor(index / 2 ** levels);
}

function total(buckets: ExponentialBuckets): number {
  return buckets.bucketCounts.reduce((sum, count) => sum + count, 0);
}
