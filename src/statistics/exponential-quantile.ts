import type { Extent } from "./histogram-buckets.ts";
import type { SparseBuckets } from "./sparse-buckets.ts";

/** The filled buckets of an exponential histogram: bucket `i` holds `(base^i, base^(i+1)]`, `base = 2^(2^-scale)`. */
export interface FilledBuckets {
  readonly scale: number;
  readonly zeroCount: number;
  readonly positive: SparseBuckets;
  /** By their absolute value. */
  readonly negative: SparseBuckets;
}

/**
 * Quantile of an exponential histogram: type 7 of Hyndman and Fan ("Sample Quantiles in Statistical Packages", 1996;
 * the default of R and numpy) over the ordered values as the buckets let them be told.
 *
 * The ordered values that share a bucket are taken to be spread evenly over it on a logarithmic scale as far as its
 * neighbours are as full as it is, and to lie in its middle where it stands alone. So the error stays under half a
 * bucket for values that cluster, is far below it for values that spread smoothly, and is never more than one bucket.
 * The least and greatest value are exact where `extent` knows them. Of an empty histogram the quantile is undefined.
 * O(filled buckets).
 */
export function exponentialQuantile(filled: FilledBuckets, q: number, extent: Extent): number | undefined {
  const total = countOf(filled.negative) + filled.zeroCount + countOf(filled.positive);
  if (total === 0) return undefined;
  const position = q * (total - 1);
  const rank = Math.floor(position);
  const below = orderedValue(filled, rank, total, extent);
  if (rank === position) return below;
  return below + (position - rank) * (orderedValue(filled, rank + 1, total, extent) - below);
}

/** The value at `rank` (from 0) of all values in ascending order. */
function orderedValue(filled: FilledBuckets, rank: number, total: number, extent: Extent): number {
  const { min, max } = extent;
  if (rank === 0 && min !== undefined) return min;
  if (rank === total - 1 && max !== undefined) return max;
  const negatives = countOf(filled.negative);
  const value =
    rank < negatives
      ? -magnitude(filled.negative, negatives - 1 - rank, filled.scale, negate(max), negate(min))
      : rank < negatives + filled.zeroCount
        ? 0
        : magnitude(filled.positive, rank - negatives - filled.zeroCount, filled.scale, min, max);
  return Math.min(Math.max(value, min ?? value), max ?? value);
}

/** The value at `rank` of those in the buckets of one sign, which is known to lie between `least` and `greatest`. */
function magnitude(
  buckets: SparseBuckets,
  rank: number,
  scale: number,
  least: number | undefined,
  greatest: number | undefined,
): number {
  let bucket = 0;
  let before = 0;
  while (before + (buckets.counts[bucket] as number) <= rank) before += buckets.counts[bucket++] as number;
  const width = 2 ** -scale;
  const start = (buckets.indexes[bucket] as number) * width;
  const lower = least !== undefined && least > 0 ? Math.max(start, Math.log2(least)) : start;
  const upper =
    greatest !== undefined && greatest > 0 ? Math.min(start + width, Math.log2(greatest)) : start + width;
  const evenly = (rank - before + 0.5) / (buckets.counts[bucket] as number);
  const share = 0.5 + (evenly - 0.5) * evenness(buckets, bucket);
  return Math.min(2 ** (lower + (upper - lower) * share), Number.MAX_VALUE);
}

/** How far the neighbours are as full as the bucket: 0 where it stands alone, 1 where they hold as much. */
function evenness(buckets: SparseBuckets, bucket: number): number {
  const { indexes, counts } = buckets;
  const index = indexes[bucket] as number;
  const left = indexes[bucket - 1] === index - 1 ? (counts[bucket - 1] as number) : 0;
  const right = indexes[bucket + 1] === index + 1 ? (counts[bucket + 1] as number) : 0;
  // Beyond the first and last bucket there is nothing, which says nothing of how values lie inside.
  const both = bucket === 0 ? 2 * right : bucket === indexes.length - 1 ? 2 * left : left + right;
  return Math.min(1, both / (2 * (counts[bucket] as number)));
}

function countOf(buckets: SparseBuckets): number {
  let total = 0;
  for (const count of buckets.counts) total += count;
  return total;
}

function negate(value: number | undefined): number | undefined {
  return value === undefined ? undefined : -value;
}
