import type {
  ExplicitHistogramPoint,
  ExponentialBuckets,
  ExponentialHistogramPoint,
  HistogramPoint,
} from "../../core/metric-point.ts";

/**
 * What a cumulative histogram has recorded between two of its points: `reset` if it was reset between
 * them, and `unknown` if they cannot be compared. Minimum and maximum are those since the start, so the
 * difference has none.
 */
export function histogramDifference(
  last: HistogramPoint,
  point: HistogramPoint,
): HistogramPoint | "reset" | "unknown" {
  if (point.count < last.count) return "reset";
  if (last.kind === "explicit" && point.kind === "explicit") return explicitDifference(last, point);
  if (last.kind === "exponential" && point.kind === "exponential")
    return exponentialDifference(last, point) ?? "reset";
  return "unknown";
}

/**
 * Compares how many values were recorded up to each boundary. Some senders read these one after the other
 * while values are recorded, so that a single bucket may seem to lose some.
 */
function explicitDifference(
  last: ExplicitHistogramPoint,
  { boundaries, counts, sum }: ExplicitHistogramPoint,
): ExplicitHistogramPoint | "reset" | "unknown" {
  if (!haveSameValues(boundaries, last.boundaries)) return "unknown";
  const grown: number[] = [];
  let upTo = 0;
  let below = 0;
  for (const [bucket, value] of counts.entries()) {
    upTo += value - (last.counts[bucket] ?? 0);
    if (upTo < 0) return "reset";
    grown.push(Math.max(0, upTo - below));
    below = Math.max(below, upTo);
  }
  return { kind: "explicit", count: below, sum: sum - last.sum, boundaries, counts: grown };
}

/** Buckets get coarser in the life of a histogram, never finer. */
function exponentialDifference(
  last: ExponentialHistogramPoint,
  point: ExponentialHistogramPoint,
): ExponentialHistogramPoint | undefined {
  const coarser = last.scale - point.scale;
  if (coarser < 0) return undefined;
  const positive = bucketsDifference(last.positive, point.positive, coarser);
  const negative = bucketsDifference(last.negative, point.negative, coarser);
  const zeroCount = point.zeroCount - last.zeroCount;
  if (positive === undefined || negative === undefined || zeroCount < 0) return undefined;
  const { scale, count, sum } = point;
  return {
    kind: "exponential",
    count: count - last.count,
    sum: sum - last.sum,
    scale,
    zeroCount,
    positive,
    negative,
  };
}

/** @param coarser by how many scales the last buckets are finer than the new ones. */
function bucketsDifference(
  last: ExponentialBuckets,
  { offset, bucketCounts }: ExponentialBuckets,
  coarser: number,
): ExponentialBuckets | undefined {
  const grown = [...bucketCounts];
  for (const [place, count] of last.bucketCounts.entries()) {
    if (count === 0) continue;
    // Each step of the scale makes one bucket of two.
    const bucket = Math.floor((last.offset + place) / 2 ** coarser) - offset;
    const left = (grown[bucket] ?? 0) - count;
    if (left < 0) return undefined;
    grown[bucket] = left;
  }
  return { offset, bucketCounts: grown };
}

/** The values of two histograms together, if their buckets are the same. */
export function sumOfHistograms(one: HistogramPoint, other: HistogramPoint): HistogramPoint | undefined {
  if (one.kind !== "explicit" || other.kind !== "explicit") return undefined;
  if (!haveSameValues(one.boundaries, other.boundaries)) return undefined;
  const least = smallest(one.min, other.min);
  const most = largest(one.max, other.max);
  return {
    kind: "explicit",
    count: one.count + other.count,
    sum: one.sum + other.sum,
    ...(least === undefined ? {} : { min: least }),
    ...(most === undefined ? {} : { max: most }),
    boundaries: one.boundaries,
    counts: one.counts.map((count, bucket) => count + (other.counts[bucket] ?? 0)),
  };
}

/** Known only if it is known of both. */
function smallest(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : Math.min(one, other);
}

function largest(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : Math.max(one, other);
}

function haveSameValues(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((value, place) => value === other[place]);
}
