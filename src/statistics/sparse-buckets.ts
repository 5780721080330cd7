import type { ExponentialBuckets } from "../core/metric-point.ts";

/**
 * The filled buckets of one sign of an exponential histogram: `indexes` ascending, `counts[i] > 0` values in the bucket
 * `indexes[i]`. Sparse, because a few values far apart span many buckets and fill few.
 */
export interface SparseBuckets {
  indexes: number[];
  counts: number[];
}

/** The filled buckets of a point. Counts that no histogram can have (negative, not finite) are left out. */
export function sparseFrom(buckets: ExponentialBuckets): SparseBuckets {
  const indexes: number[] = [];
  const counts: number[] = [];
  buckets.bucketCounts.forEach((count, position) => {
    if (count > 0 && count < Number.POSITIVE_INFINITY) {
      indexes.push(buckets.offset + position);
      counts.push(count);
    }
  });
  // Copied, because an array that has grown keeps room to grow further, and a window keeps many of these.
  return { indexes: indexes.slice(), counts: counts.slice() };
}

/** A copy in which `2^levels` neighbouring buckets have become one: the same values at `scale - levels`. */
export function downscaled(buckets: SparseBuckets, levels: number): SparseBuckets {
  const width = 2 ** levels;
  const coarse: SparseBuckets = { indexes: [], counts: [] };
  let last = -1;
  buckets.indexes.forEach((fine, i) => {
    const index = Math.floor(fine / width);
    const count = buckets.counts[i] as number;
    if (last >= 0 && coarse.indexes[last] === index) {
      coarse.counts[last] = (coarse.counts[last] as number) + count;
    } else {
      last = coarse.indexes.push(index) - 1;
      coarse.counts.push(count);
    }
  });
  return coarse;
}

/** Adds `other`, which has the same scale, into `target`. In place, from the back, so that a steady state allocates nothing. */
export function addBuckets(target: SparseBuckets, other: SparseBuckets): void {
  const { indexes, counts } = target;
  let to = indexes.length + countMissing(indexes, other.indexes) - 1;
  let ours = indexes.length - 1;
  let theirs = other.indexes.length - 1;
  while (theirs >= 0) {
    const theirIndex = other.indexes[theirs] as number;
    const ourIndex = ours >= 0 ? (indexes[ours] as number) : Number.NEGATIVE_INFINITY;
    let count = 0;
    if (ourIndex >= theirIndex) count += counts[ours--] as number;
    if (theirIndex >= ourIndex) count += other.counts[theirs--] as number;
    indexes[to] = Math.max(ourIndex, theirIndex);
    counts[to--] = count;
  }
}

/** Takes `other`, which has the same scale and was added before, out of `target`. In place; emptied buckets go. */
export function subtractBuckets(target: SparseBuckets, other: SparseBuckets): void {
  const { indexes, counts } = target;
  let theirs = 0;
  let to = 0;
  for (let from = 0; from < indexes.length; from++) {
    const index = indexes[from] as number;
    let count = counts[from] as number;
    if (other.indexes[theirs] === index) count -= other.counts[theirs++] as number;
    if (count > 0) {
      indexes[to] = index;
      counts[to++] = count;
    }
  }
  indexes.length = to;
  counts.length = to;
}

function countMissing(indexes: readonly number[], wanted: readonly number[]): number {
  let missing = 0;
  let at = 0;
  for (const index of wanted) {
    while (at < indexes.length && (indexes[at] as number) < index) at++;
    if (indexes[at] !== index) missing++;
  }
  return missing;
}
