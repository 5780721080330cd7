import type { Extent } from "./histogram-buckets.ts";

/**
 * The filled buckets of one sign of an exponential histogram: `counts[i] > 0` values are in the
 * bucket `indexes[i]`, and `indexes` ascend. A few values that are far apart span many buckets and
 * fill few.
 */
export interface SparseBuckets {
  indexes: number[];
  counts: number[];
}

/** An exponential histogram. Bucket `i` holds `(base^i, base^(i+1)]` with `base = 2^(2^-scale)`. */
export interface FilledBuckets {
  readonly scale: number;
  readonly zeroCount: number;
  readonly positive: SparseBuckets;
  /** By absolute value. */
  readonly negative: SparseBuckets;
}

/**
 * The quantile of an exponential histogram: type 7 of Hyndman and Fan ("Sample Quantiles in
 * Statistical Packages", 1996; the default of R and numpy), over values estimated from the buckets.
 *
 * If the neighbours of a bucket hold as many values as the bucket, its values are assumed to be
 * spread evenly on a logarithmic scale. If the neighbours are empty, its values are assumed to be
 * in its middle. So the error is under half a bucket for clustered values, far less for smoothly
 * spread values, and never more than one bucket. The minimum and maximum are exact if `extent` has
 * them. The quantile of an empty histogram is `undefined`. O(filled buckets).
 */
export function exponentialQuantile(filled: FilledBuckets, q: number, extent: Extent): number | undefined {
  const negatives = countOf(filled.negative);
  const total = negatives + filled.zeroCount + countOf(filled.positive);
  if (total === 0) return undefined;
  // Scaled counts may add up to a little less than one value.
  const position = q * Math.max(0, total - 1);
  const rank = Math.floor(position);
  const counts = { negatives, total };
  const below = orderedValue(filled, rank, counts, extent);
  if (rank === position) return below;
  return below + (position - rank) * (orderedValue(filled, rank + 1, counts, extent) - below);
}

/** The value at `rank` (from 0) of all values in ascending order. */
function orderedValue(
  filled: FilledBuckets,
  rank: number,
  { negatives, total }: { readonly negatives: number; readonly total: number },
  extent: Extent,
): number {
  const { min, max } = extent;
  if (rank === 0 && min !== undefined) return min;
  if (rank === total - 1 && max !== undefined) return max;
  const value =
    rank < negatives
      ? -magnitude(filled.negative, negatives - 1 - rank, filled.scale, negate(max), negate(min))
      : rank < negatives + filled.zeroCount
        ? 0
        : magnitude(filled.positive, rank - negatives - filled.zeroCount, filled.scale, min, max);
  return Math.min(Math.max(value, min ?? value), max ?? value);
}

/**
 * The value at `rank` in the buckets of one sign, between `least` and `greatest` if these are
 * known.
 */
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

/** How full the neighbours of a bucket are: 0 if they are empty, 1 if they are as full as it is. */
function evenness(buckets: SparseBuckets, bucket: number): number {
  const { indexes, counts } = buckets;
  const index = indexes[bucket] as number;
  const left = indexes[bucket - 1] === index - 1 ? (counts[bucket - 1] as number) : 0;
  const right = indexes[bucket + 1] === index + 1 ? (counts[bucket + 1] as number) : 0;
  // The first and the last bucket have one neighbour, which stands for both.
  const both = bucket === 0 ? 2 * right : bucket === indexes.length - 1 ? 2 * left : left + right;
  return Math.min(1, both / (2 * (counts[bucket] as number)));
}

function countOf({ counts }: SparseBuckets): number {
  let total = 0;
  // Some arrays hold integers and others doubles. `for...of` would then call a function for each number.
  for (let bucket = 0; bucket < counts.length; bucket += 1) total += counts[bucket] as number;
  return total;
}

function negate(value: number | undefined): number | undefined {
  return value === undefined ? undefined : -value;
}
