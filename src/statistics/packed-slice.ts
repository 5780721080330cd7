import { ExponentialCounts } from "./exponential-counts.ts";
import type { HistogramBuckets } from "./histogram-buckets.ts";
import type { HistogramSlice } from "./histogram-slices.ts";

/** The places of the numbers, before those of the buckets. */
const COUNT = 0;
const SUM = 1;
const MIN = 2;
const MAX = 3;
const BUCKETS = 4;

/**
 * A slice that changes no more, as one array of numbers: that takes half the memory of its objects.
 * A window holds many slices, and reads the buckets of each once, when it leaves.
 */
export class PackedSlice implements HistogramSlice {
  readonly #numbers: readonly number[];

  private constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  /** A slice with exponential buckets is packed. Others stay as they are. */
  static of(slice: HistogramSlice): HistogramSlice {
    const { count, sum, min = Number.NaN, max = Number.NaN, buckets } = slice;
    if (!(buckets instanceof ExponentialCounts)) return slice;
    return new PackedSlice(buckets.packedAfter([count, sum, min, max]));
  }

  get count(): number {
    return this.#numbers[COUNT] as number;
  }

  get sum(): number {
    return this.#numbers[SUM] as number;
  }

  get min(): number | undefined {
    return known(this.#numbers[MIN]);
  }

  get max(): number | undefined {
    return known(this.#numbers[MAX]);
  }

  /** Made anew at each call. */
  get buckets(): HistogramBuckets {
    return ExponentialCounts.unpacked(this.#numbers, BUCKETS);
  }

  get scale(): number {
    return this.#numbers[BUCKETS] as number;
  }
}

function known(end: number | undefined): number | undefined {
  return Number.isNaN(end) ? undefined : end;
}
