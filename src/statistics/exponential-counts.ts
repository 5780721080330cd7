import type { ExponentialHistogramPoint } from "../core/metric-point.ts";
import { exponentialQuantile } from "./exponential-quantile.ts";
import type { Extent, HistogramBuckets } from "./histogram-buckets.ts";
import { addBuckets, downscaled, type SparseBuckets, sparseFrom, subtractBuckets } from "./sparse-buckets.ts";

/**
 * The most filled buckets that are kept, both signs together: four times the most that the SDK's points have for one
 * sign by default, so that points of like scale are merged without loss, those of a finer setting among them.
 */
export const MAX_FILLED_BUCKETS = 640;

/** Beyond any scale in use: those of the SDK run from -10 to 20. */
const MAX_SCALE_MAGNITUDE = 40;

/** The buckets of exponential histograms, added up at the coarsest scale among them. */
export class ExponentialCounts implements HistogramBuckets {
  /** Scale of the OpenTelemetry specification; infinite while no bucket is filled, as any scale would do. */
  #scale: number = Number.POSITIVE_INFINITY;
  #zeroCount = 0;
  #positive: SparseBuckets = { indexes: [], counts: [] };
  #negative: SparseBuckets = { indexes: [], counts: [] };

  /** The buckets of a point; `undefined` when its scale, offsets or count of zeros are none that a histogram can have. */
  static from(point: ExponentialHistogramPoint): ExponentialCounts | undefined {
    if (!isSound(point)) return undefined;
    const counts = new ExponentialCounts();
    counts.#zeroCount = point.zeroCount;
    counts.#positive = sparseFrom(point.positive);
    counts.#negative = sparseFrom(point.negative);
    // The SDK says scale 0 when all values were zero; taken at its word, that would coarsen everything merged with it.
    if (counts.filledBuckets > 0) counts.#scale = point.scale;
    counts.#keepWithinLimit();
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
    addBuckets(this.#positive, this.#atOurScale(other.#positive, other.#scale));
    addBuckets(this.#negative, this.#atOurScale(other.#negative, other.#scale));
    this.#keepWithinLimit();
  }

  subtract(other: ExponentialCounts): void {
    this.#zeroCount = Math.max(0, this.#zeroCount - other.#zeroCount);
    subtractBuckets(this.#positive, this.#atOurScale(other.#positive, other.#scale));
    subtractBuckets(this.#negative, this.#atOurScale(other.#negative, other.#scale));
  }

  /**
   * Finer buckets are to be had when every part is finer and there is room: at the next scale the filled buckets can
   * at most double, so that what is rebuilt is never coarse again at once.
   */
  isCoarserThan(parts: readonly ExponentialCounts[]): boolean {
    if (this.filledBuckets > MAX_FILLED_BUCKETS / 2) return false;
    return parts.every((part) => part.#scale > this.#scale);
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
