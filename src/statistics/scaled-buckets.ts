import type { SparseBuckets } from "./exponential-quantile.ts";
import { NEGLIGIBLE_COUNT } from "./histogram-buckets.ts";

/** A copy of buckets whose counts are multiplied. */
export function scaledBuckets({ indexes, counts }: SparseBuckets, factor: number): SparseBuckets {
  const scaled: SparseBuckets = { indexes: [], counts: [] };
  counts.forEach((count, position) => {
    if (count * factor < NEGLIGIBLE_COUNT) return;
    scaled.indexes.push(indexes[position] as number);
    scaled.counts.push(count * factor);
  });
  return scaled;
}
