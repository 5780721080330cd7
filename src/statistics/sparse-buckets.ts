import type { ExponentialBuckets } from "../core/metric-point.ts";
import type { SparseBuckets } from "./exponential-quantile.ts";
import { NEGLIGIBLE_COUNT } from "./histogram-buckets.ts";

/** Shared by all that have no filled bucket. Nothing is ever added to it. */
export const NO_BUCKETS: SparseBuckets = { indexes: [], counts: [] };

/** The filled buckets of a point. Impossible counts (negative, not finite) are left out. */
export function sparseFrom({ offset, bucketCounts }: ExponentialBuckets): SparseBuckets {
  let filled = 0;
  for (const count of bucketCounts) if (isPossible(count)) filled += 1;
  if (filled === 0) return NO_BUCKETS;
  // An array that has grown keeps spare room, and a window holds many of these arrays.
  const indexes = new Array<number>(filled);
  const counts = new Array<number>(filled);
  let to = 0;
  for (let position = 0; to < filled; position += 1) {
    const count = bucketCounts[position] as number;
    if (!isPossible(count)) continue;
    indexes[to] = offset + position;
    counts[to++] = count;
  }
  return { indexes, counts };
}

function isPossible(count: number): boolean {
  return count > 0 && count < Number.POSITIVE_INFINITY;
}

/** A copy in which `2^levels` neighbouring buckets are one: the same values at `scale - levels`. */
export function downscaled(buckets: SparseBuckets, levels: number): SparseBuckets {
  if (buckets.indexes.length === 0) return buckets;
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

/**
 * Adds `other`, which has the same scale, to `target`. Works in place and from the back, so that
 * nothing is allocated unless buckets are added.
 */
export function addBuckets(target: SparseBuckets, other: SparseBuckets): void {
  const { indexes, counts } = target;
  const missing = countMissing(indexes, other.indexes);
  if (missing === 0) {
    increase(target, other);
    return;
  }
  let to = indexes.length + missing - 1;
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

/** Adds `other`, of which the target has all buckets. A few among many are found by bisection. */
function increase({ indexes, counts }: SparseBuckets, other: SparseBuckets): void {
  let at = 0;
  for (let position = 0; position < other.indexes.length; position += 1) {
    at = placeOf(indexes, other.indexes[position] as number, at);
    counts[at] = (counts[at] as number) + (other.counts[position] as number);
  }
}

/**
 * Subtracts `other`, which has the same scale and was added before, from `target`. Works in place
 * and removes empty buckets.
 */
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
  for (let position = 0; position < wanted.length; position += 1) {
    const index = wanted[position] as number;
    at = placeOf(indexes, index, at);
    if (indexes[at] !== index) missing++;
  }
  return missing;
}

/** The first place, from `from` on, whose index is not below the one that is wanted. */
function placeOf(indexes: readonly number[], wanted: number, from: number): number {
  let low = from;
  let high = indexes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((indexes[middle] as number) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

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
