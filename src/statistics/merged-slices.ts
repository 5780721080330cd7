import type { HistogramBuckets } from "./histogram-buckets.ts";

/** The values of a slice: their number and their buckets. */
export interface BucketedValues {
  readonly count: number;
  readonly buckets: HistogramBuckets;
}

/**
 * The merged values of the newest slices of a window. They are updated: new points are added, old
 * slices subtracted.
 */
export class MergedSlices {
  #count = 0;
  #buckets: HistogramBuckets | undefined;

  get count(): number {
    return this.#count;
  }

  get buckets(): HistogramBuckets | undefined {
    return this.#buckets;
  }

  add({ count, buckets }: BucketedValues): void {
    this.#count += count;
    this.#buckets ??= buckets.emptied();
    this.#buckets.add(buckets);
  }

  /** Subtracts a slice; `left` gives the slices that remain. */
  subtract(dropped: BucketedValues, left: () => Iterable<BucketedValues>): void {
    this.#count -= dropped.count;
    this.#buckets?.subtract(dropped.buckets);
    if (this.#buckets?.isCoarserThan(bucketsOf(left())) !== true) return;
    this.clear();
    for (const slice of left()) this.add(slice);
  }

  clear(): void {
    this.#count = 0;
    this.#buckets = undefined;
  }
}

function* bucketsOf(slices: Iterable<BucketedValues>): Iterable<HistogramBuckets> {
  for (const { buckets } of slices) yield buckets;
}
