import type { FineBuckets } from "../../core/fine-buckets.ts";
import type { ExponentialBuckets } from "../../core/metric-point.ts";

/** One side of a native histogram: runs of buckets, and each count as the difference from the one before. */
export interface NativeBuckets {
  /** `offset`: the buckets between the run and the one before it; of the first run, the index of its first bucket. */
  readonly spans: readonly { readonly offset: number; readonly length: number }[];
  readonly deltas: readonly number[];
}

/** A histogram as Prometheus stores it natively. */
export interface NativeHistogram {
  readonly schema: number;
  readonly count: number;
  readonly zeroCount: number;
  readonly positive: NativeBuckets;
  readonly negative: NativeBuckets;
}

/** The schemas of Prometheus whose buckets are exponential. */
const FINEST_SCHEMA = 8;
const COARSEST_SCHEMA = -4;
/** So many empty buckets in a row cost less as counts than as the end of a run. */
const LONGEST_GAP = 2;

/**
 * The native form of an exponential histogram. A scale that is finer than Prometheus's finest schema is
 * made coarser, which is exact; one that is coarser than its coarsest has no native form. Nor has one with an
 * impossible count, as a foreign producer may give.
 *
 * https://prometheus.io/docs/specs/native_histograms/
 */
export function nativeHistogram({
  scale,
  zeroCount,
  positive,
  negative,
}: FineBuckets): NativeHistogram | undefined {
  if (scale < COARSEST_SCHEMA) return undefined;
  const areSound =
    isCount(zeroCount) && [positive, negative].every((side) => side.bucketCounts.every(isCount));
  if (!areSound) return undefined;
  const schema = Math.min(scale, FINEST_SCHEMA);
  const merged = 2 ** (scale - schema);
  const [above, below] = [countsByIndex(positive, merged), countsByIndex(negative, merged)];
  const count = zeroCount + sumOf(above) + sumOf(below);
  return Number.isSafeInteger(count)
    ? { schema, count, zeroCount, positive: bucketsOf(above), negative: bucketsOf(below) }
    : undefined;
}

/**
 * The counts of the buckets that are not empty, in the order of their indexes. OpenTelemetry's bucket 0
 * begins at 1, Prometheus's bucket 0 ends there.
 */
function countsByIndex(
  { offset, bucketCounts }: ExponentialBuckets,
  merged: number,
): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const [place, count] of bucketCounts.entries()) {
    if (count === 0) continue;
    const index = Math.floor((offset + place) / merged) + 1;
    counts.set(index, (counts.get(index) ?? 0) + count);
  }
  return counts;
}

function bucketsOf(counts: ReadonlyMap<number, number>): NativeBuckets {
  const spans: { offset: number; length: number }[] = [];
  const deltas: number[] = [];
  let next = 0;
  let before = 0;
  const add = (count: number): void => {
    deltas.push(count - before);
    before = count;
  };
  for (const [index, count] of counts) {
    let span = spans.at(-1);
    const gap = index - next;
    if (span === undefined || gap > LONGEST_GAP) {
      span = { offset: gap, length: 0 };
      spans.push(span);
    } else {
      for (let empty = 0; empty < gap; empty += 1) add(0);
      span.length += gap;
    }
    add(count);
    span.length += 1;
    next = index + 1;
  }
  return { spans, deltas };
}

function isCount(count: number): boolean {
  return Number.isSafeInteger(count) && count >= 0;
}

function sumOf(counts: ReadonlyMap<number, number>): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}
