import type { ExponentialHistogramPoint } from "../core/metric-point.ts";
import { exponentialQuantile, type SparseBuckets } from "./exponential-quantile.ts";
import type { Extent, HistogramBuckets } from "./histogram-buckets.ts";
import type { SavedBuckets } from "./saved-window.ts";
import {
  addBuckets,
  downscaled,
  NO_BUCKETS,
  scaledBuckets,
  sparseFrom,
  subtractBuckets,
} from "./sparse-buckets.ts";

/**
 * The maximum of filled buckets, both signs together. It is four times the SDK's default maximum
 * for one sign, so points of similar scale merge without loss, also those of a finer setting.
 */
export const MAX_FILLED_BUCKETS = 640;

/** Larger than any scale in use: the SDK's scales are -10 to 20. */
const MAX_SCALE_MAGNITUDE = 40;

/** How many numbers are before those of the buckets, where counts are packed. */
const PACKED_HEAD = 3;

/** The sum of the buckets of exponential histograms, at the coarsest scale among them. */
export class ExponentialCounts implements HistogramBuckets {
  /** The scale of the OpenTelemetry specification. Infinite while no bucket is filled. */
  #scale: number = Number.POSITIVE_INFINITY;
  #zeroCount = 0;
  #positive = NO_BUCKETS;
  #negative = NO_BUCKETS;

  /** The buckets of a point; `undefined` if its scale, offsets or count of zeros are impossible. */
  static from(point: ExponentialHistogramPoint): ExponentialCounts | undefined {
    if (!isSound(point)) return undefined;
    const counts = new ExponentialCounts();
    counts.#zeroCount = point.zeroCount;
    counts.#positive = sparseFrom(point.positive);
    counts.#negative = sparseFrom(point.negative);
    // If all values are zero, the SDK reports scale 0, which would coarsen everything merged with
    // it.
    if (counts.filledBuckets > 0) counts.#scale = point.scale;
    counts.#keepWithinLimit();
    return counts;
  }

  static restore(saved: Extract<SavedBuckets, { kind: "exponential" }>): ExponentialCounts {
    const { positive, negative } = saved;
    const counts = new ExponentialCounts();
    counts.#scale = saved.scale;
    counts.#zeroCount = saved.zeroCount;
    counts.#positive = { indexes: [...positive.indexes], counts: [...positive.counts] };
    counts.#negative = { indexes: [...negative.indexes], counts: [...negative.counts] };
    return counts;
  }

  saved(): SavedBuckets {
    const plain = ({ indexes, counts }: SparseBuckets) => ({
      indexes: Float64Array.from(indexes),
      counts: Float64Array.from(counts),
    });
    return {
      kind: "exponential",
      scale: this.#scale,
      zeroCount: this.#zeroCount,
      positive: plain(this.#positive),
      negative: plain(this.#negative),
    };
  }

  /** Numbers, then all counts: the scale, the zeros, how many are positive, then both signs. */
  packedAfter(numbers: readonly number[]): number[] {
    const [positive, negative] = [this.#positive, this.#negative];
    return numbers.concat(
      [this.#scale, this.#zeroCount, positive.indexes.length],
      positive.indexes,
      positive.counts,
      negative.indexes,
      negative.counts,
    );
  }

  /** The counts that `packedAfter` has packed after `from` numbers. */
  static unpacked(numbers: readonly number[], from: number): ExponentialCounts {
    const counts = new ExponentialCounts();
    counts.#scale = numbers[from] as number;
    counts.#zeroCount = numbers[from + 1] as number;
    const begin = from + PACKED_HEAD;
    const middle = begin + 2 * (numbers[from + 2] as number);
    counts.#positive = sparseOf(numbers, begin, middle);
    counts.#negative = sparseOf(numbers, middle, numbers.length);
    return counts;
  }

  get scale(): number {
    return this.#scale;
  }

  get filledBuckets(): number {
    return this.#positive.indexes.length + this.#negative.indexes.length;
  }

  accepts(other: HistogramBuckets): boolean {
    return other instanceof ExponentialCounts;
  }

  emptied(): ExponentialCounts {
    return new ExponentialCounts();
  }

  add(other: ExponentialCounts): void {
    this.#coarsenTo(Math.min(this.#scale, other.#scale));
    this.#zeroCount += other.#zeroCount;
    this.#positive = withBuckets(this.#positive, this.#atOurScale(other.#positive, other.#scale));
    this.#negative = withBuckets(this.#negative, this.#atOurScale(other.#negative, other.#scale));
    this.#keepWithinLimit();
  }

  scaled(factor: number): ExponentialCounts {
    const copy = new ExponentialCounts();
    copy.#zeroCount = this.#zeroCount * factor;
    copy.#positive = scaledBuckets(this.#positive, factor);
    copy.#negative = scaledBuckets(this.#negative, factor);
    if (copy.filledBuckets > 0) copy.#scale = this.#scale;
    return copy;
  }

  subtract(other: ExponentialCounts): void {
    this.#zeroCount = Math.max(0, this.#zeroCount - other.#zeroCount);
    subtractBuckets(this.#positive, this.#atOurScale(other.#positive, other.#scale));
    subtractBuckets(this.#negative, this.#atOurScale(other.#negative, other.#scale));
  }

  /**
   * True if every part is finer and there is room for finer buckets. At the next scale the number
   * of filled buckets can at most double, so rebuilt buckets always fit.
   */
  isCoarserThan(scales: Iterable<number>): boolean {
    if (this.filledBuckets > MAX_FILLED_BUCKETS / 2) return false;
    for (const scale of scales) if (scale <= this.#scale) return false;
    return true;
  }

  quantile(q: number, extent: Extent): number | undefined {
    return exponentialQuantile(
      { scale: this.#scale, zeroCount: this.#zeroCount, positive: this.#positive, negative: this.#negative },
      q,
      extent,
    );
  }

  #atOurScale(buckets: SparseBuckets, scale: number): SparseBuckets {
    return scale === this.#scale || buckets.indexes.length === 0
      ? buckets
      : downscaled(buckets, scale - this.#scale);
  }

  #coarsenTo(scale: number): void {
    if (this.filledBuckets > 0 && scale < this.#scale) {
      this.#positive = downscaled(this.#positive, this.#scale - scale);
      this.#negative = downscaled(this.#negative, this.#scale - scale);
    }
    this.#scale = scale;
  }

  #keepWithinLimit(): void {
    while (this.filledBuckets > MAX_FILLED_BUCKETS) this.#coarsenTo(this.#scale - 1);
  }
}

/** The buckets of a part of packed numbers: the indexes, then as many counts. */
function sparseOf(numbers: readonly number[], begin: number, end: number): SparseBuckets {
  if (begin === end) return NO_BUCKETS;
  const middle = (begin + end) / 2;
  return { indexes: numbers.slice(begin, middle), counts: numbers.slice(middle, end) };
}

/** Adds `other` to `target`. The first buckets are a copy without the spare room of an array that grew. */
function withBuckets(target: SparseBuckets, other: SparseBuckets): SparseBuckets {
  if (other.indexes.length === 0) return target;
  if (target.indexes.length === 0) return { indexes: other.indexes.slice(), counts: other.counts.slice() };
  addBuckets(target, other);
  return target;
}

function isSound({ scale, zeroCount, positive, negative }: ExponentialHistogramPoint): boolean {
  return (
    Number.isInteger(scale) &&
    Math.abs(scale) <= MAX_SCALE_MAGNITUDE &&
    Number.isSafeInteger(zeroCount) &&
    zeroCount >= 0 &&
    Number.isSafeInteger(positive.offset) &&
    Number.isSafeInteger(negative.offset)
  );
}
