import type { ExponentialBuckets, ExponentialHistogramPoint } from "../core/metric-point.ts";
import { BucketMapping } from "./bucket-mapping.ts";

/** The finest scale of OpenTelemetry's SDK. */
const MAX_SCALE = 20;
/** A sketch gets coarser than this only for more than `MOST_BUCKETS`: 64 octaves. */
const KEPT_SCALE = 5;
const MOST_BUCKETS = 2048;
/** The smallest array of counts. Sizes are powers of two. */
const MIN_SIZE = 8;

const NOTHING = new Uint32Array(0);
/** Scratch: the counts of a sketch that is rearranged within its array. */
const scratch = new Uint32Array(MOST_BUCKETS);
const NO_BUCKETS: ExponentialBuckets = { offset: 0, bucketCounts: [] };

/**
 * The maximum of buckets of our collections: twice the SDK's default. Percentiles are then within
 * 2 % for values over six orders of magnitude.
 */
export const MAX_EXPONENTIAL_BUCKETS = 320;

/** How fine a point is. By default as fine as the sketch. */
export interface Fineness {
  readonly maxScale?: number;
  readonly maxBuckets?: number;
}

/**
 * An exponential histogram of values that are finite and not negative, as OpenTelemetry's data
 * model defines it (https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram).
 * Like the SDK's, its points have the finest scale at which the values fit the maximum of buckets.
 *
 * The counts are in one flat array. The place of a bucket is its index modulo the size of the array,
 * so nothing is moved while the values fit the array. Recording a value costs O(1) and allocates
 * nothing, except when the array must grow: arrays of this size are outside of the heap of V8, and
 * what is left of many of them keeps the resident memory high.
 */
export class ExponentialSketch {
  #count = 0;
  #zeroCount = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #mapping = BucketMapping.of(MAX_SCALE);
  /** The indexes of the lowest and the highest filled bucket; there is none while `low > high`. */
  #low = 1;
  #high = 0;
  #counts = NOTHING;

  /** A sketch of what points have counted. */
  static of(points: readonly ExponentialHistogramPoint[]): ExponentialSketch {
    const sketch = new ExponentialSketch();
    for (const point of points) sketch.#add(point);
    return sketch;
  }

  get count(): number {
    return this.#count;
  }

  /** Counts a value, finite and not negative. */
  record(value: number): void {
    this.#count += 1;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    if (value === 0) {
      this.#zeroCount += 1;
      return;
    }
    const index = this.#mapping.indexOf(value);
    if (index >= this.#low && index <= this.#high) this.#increase(index, 1);
    else if (this.#widenTo(index)) this.#increase(index, 1);
    else this.#increase(this.#mapping.indexOf(value), 1);
  }

  toPoint({ maxScale = MAX_SCALE, maxBuckets = MOST_BUCKETS }: Fineness = {}): ExponentialHistogramPoint {
    let levels = Math.max(0, this.#mapping.scale - maxScale);
    while ((this.#high >> levels) - (this.#low >> levels) >= maxBuckets) levels += 1;
    return {
      kind: "exponential",
      count: this.#count,
      sum: this.#sum,
      ...(this.#count > 0 ? { min: this.#min, max: this.#max } : {}),
      scale: this.#low > this.#high ? 0 : this.#mapping.scale - levels,
      zeroCount: this.#zeroCount,
      positive: this.#buckets(levels),
      negative: NO_BUCKETS,
    };
  }

  /** Forgets all values. Keeps the array, for values to come. */
  reset(): void {
    this.#count = 0;
    this.#zeroCount = 0;
    this.#sum = 0;
    this.#min = Number.POSITIVE_INFINITY;
    this.#max = Number.NEGATIVE_INFINITY;
    this.#mapping = BucketMapping.of(MAX_SCALE);
    this.#low = 1;
    this.#high = 0;
    this.#counts.fill(0);
  }

  /** Gives back the array of a sketch that has no values. */
  release(): void {
    this.#counts = NOTHING;
  }

  #increase(index: number, by: number): void {
    const place = index & (this.#counts.length - 1);
    this.#counts[place] = (this.#counts[place] as number) + by;
  }

  /**
   * Makes room for a bucket.
   *
   * @returns `false` if the scale became coarser: then the value is in another bucket.
   */
  #widenTo(index: number): boolean {
    let low = this.#low > this.#high ? index : Math.min(this.#low, index);
    let high = this.#low > this.#high ? index : Math.max(this.#high, index);
    let levels = 0;
    while (high - low >= maxBucketsAt(this.#mapping.scale - levels)) {
      low >>= 1;
      high >>= 1;
      levels += 1;
    }
    if (levels > 0 || high - low >= this.#counts.length) this.#rearrange(levels, high - low + 1);
    this.#low = low;
    this.#high = high;
    return levels === 0;
  }

  /** Makes the scale coarser, and the array large enough. */
  #rearrange(levels: number, room: number): void {
    const { length } = this.#counts;
    let size = Math.max(length, MIN_SIZE);
    while (size < room) size *= 2;
    let before = this.#counts;
    if (size > length) this.#counts = new Uint32Array(size);
    else {
      scratch.set(before);
      before.fill(0);
      before = scratch;
    }
    const counts = this.#counts;
    for (let index = this.#low; index <= this.#high; index += 1) {
      const count = before[index & (length - 1)] as number;
      if (count === 0) continue;
      const place = (index >> levels) & (size - 1);
      counts[place] = (counts[place] as number) + count;
    }
    this.#mapping = BucketMapping.of(this.#mapping.scale - levels);
  }

  #add({ count, sum, min, max, scale, zeroCount, positive }: ExponentialHistogramPoint): void {
    this.#count += count;
    this.#sum += sum;
    this.#min = Math.min(this.#min, min ?? this.#min);
    this.#max = Math.max(this.#max, max ?? this.#max);
    this.#zeroCount += zeroCount;
    if (positive.bucketCounts.length === 0) return;
    this.#coarsenTo(scale);
    positive.bucketCounts.forEach((inBucket, position) => {
      if (inBucket === 0) return;
      const fine = positive.offset + position;
      this.#widenTo(fine >> (scale - this.#mapping.scale));
      this.#increase(fine >> (scale - this.#mapping.scale), inBucket);
    });
  }

  #coarsenTo(scale: number): void {
    const levels = this.#mapping.scale - scale;
    if (levels <= 0) return;
    this.#rearrange(levels, 0);
    if (this.#low > this.#high) return;
    this.#low >>= levels;
    this.#high >>= levels;
  }

  #buckets(levels: number): ExponentialBuckets {
    if (this.#low > this.#high) return NO_BUCKETS;
    const counts = this.#counts;
    const offset = this.#low >> levels;
    const bucketCounts = new Array<number>((this.#high >> levels) - offset + 1).fill(0);
    for (let index = this.#low; index <= this.#high; index += 1) {
      const place = (index >> levels) - offset;
      const count = counts[index & (counts.length - 1)] as number;
      bucketCounts[place] = (bucketCounts[place] as number) + count;
    }
    return { offset, bucketCounts };
  }
}

function maxBucketsAt(scale: number): number {
  return scale > KEPT_SCALE ? MAX_EXPONENTIAL_BUCKETS : MOST_BUCKETS;
}
