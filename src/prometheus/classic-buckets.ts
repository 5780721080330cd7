import type { ExponentialHistogram, Histogram } from "@opentelemetry/sdk-metrics";
import { isInExponentialRange } from "../core/exponential-range.ts";

/** The buckets of a classic Prometheus histogram. The bucket `+Inf` holds `total`. */
export interface ClassicBuckets {
  /** Upper bounds, inclusive, ascending and finite. */
  readonly bounds: readonly number[];
  /** The number of values at or below each bound; it never falls. */
  readonly cumulative: readonly number[];
  readonly total: number;
}

/** A histogram with the sum of its values, if it has one. */
export interface ClassicHistogram {
  readonly buckets: ClassicBuckets;
  readonly sum: number | undefined;
}

/** The maximum of bounds on either side of zero of an exponential histogram. */
const MAX_BOUNDS_PER_SIDE = 160;

/**
 * The classic form of a histogram. A foreign producer may give any value: one without buckets, with counts
 * that fall or are no whole numbers, or with buckets that the data model does not allow, gives `undefined`.
 */
export function classicHistogram<H extends { sum?: number }>(
  value: H | undefined,
  bucketsOf: (histogram: H) => ClassicBuckets,
): ClassicHistogram | undefined {
  if (value === undefined) return undefined;
  try {
    const buckets = bucketsOf(value);
    if (!areCounts(buckets)) return undefined;
    return { buckets, sum: typeof value.sum === "number" ? value.sum : undefined };
  } catch {
    return undefined;
  }
}

function areCounts({ cumulative, total }: ClassicBuckets): boolean {
  const isCount = (count: number, place: number): boolean =>
    Number.isInteger(count) && count >= (cumulative[place - 1] ?? 0);
  return cumulative.every(isCount) && isCount(total, cumulative.length);
}

/** The classic buckets of a histogram with explicit bounds. */
export function fromExplicit({ buckets: { boundaries, counts } }: Histogram): ClassicBuckets {
  const buckets = { bounds: [], cumulative: [], total: 0 };
  counts.forEach((count, i) => {
    buckets.total += count;
    close(buckets, boundaries[i] ?? Infinity);
  });
  return buckets;
}

/**
 * The classic buckets of an exponential histogram, with bounds at powers of two.
 *
 * At any scale from 0 up, every power of two is also a bound of the histogram's own buckets. So the
 * counts are exact, and the bounds stay the same when the histogram changes its scale. At a
 * negative scale, or over more than 160 powers, only every second, fourth, ... power is a bound.
 *
 * Exception: a value that is exactly the negative of a bound is counted one bucket too high.
 * Exponential buckets of negative values include their lower end, classic buckets their upper end.
 *
 * Definition of the buckets:
 * https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram
 *
 * @throws {RangeError} if its scale or an offset is outside of what the data model allows.
 */
export function fromExponential(histogram: ExponentialHistogram): ClassicBuckets {
  if (!isInExponentialRange(histogram))
    throw new RangeError(`exponential histogram: scale ${histogram.scale} or an offset is out of range`);
  const buckets = { bounds: [], cumulative: [], total: 0 };
  for (const [exponent, count] of byPowersOfTwo(histogram.negative, histogram.scale).reverse()) {
    close(buckets, -(2 ** exponent));
    buckets.total += count;
  }
  const hasNegative = buckets.total > 0;
  buckets.total += histogram.zeroCount;
  if (hasNegative || histogram.zeroCount > 0) close(buckets, 0);
  for (const [exponent, count] of byPowersOfTwo(histogram.positive, histogram.scale)) {
    buckets.total += count;
    close(buckets, 2 ** exponent);
  }
  return buckets;
}

/**
 * Closes the current bucket at a bound. If the bound does not rise or is not finite, only the count
 * is kept.
 */
function close(buckets: { bounds: number[]; cumulative: number[]; total: number }, bound: number): void {
  const last = buckets.bounds.length - 1;
  if (last >= 0 && bound <= (buckets.bounds[last] as number)) buckets.cumulative[last] = buckets.total;
  else if (Number.isFinite(bound)) {
    buckets.bounds.push(bound);
    buckets.cumulative.push(buckets.total);
  }
}

/**
 * Counts by exponent of the next power of two, ascending, from the first bucket that is not empty
 * to the last.
 */
function byPowersOfTwo(side: ExponentialHistogram["positive"], scale: number): [number, number][] {
  const first = side.bucketCounts.findIndex((count) => count > 0);
  const last = side.bucketCounts.findLastIndex((count) => count > 0);
  if (first < 0) return [];
  const exponentAbove = (i: number): number => (side.offset + i + 1) * 2 ** -scale;
  let step = Math.max(1, 2 ** -scale);
  while ((exponentAbove(last) - exponentAbove(first)) / step >= MAX_BOUNDS_PER_SIDE) step *= 2;
  const steps = (i: number): number => Math.ceil(exponentAbove(i) / step);
  const counts: [number, number][] = [];
  for (let k = steps(first); k <= steps(last); k += 1) counts.push([k * step, 0]);
  for (let i = first; i <= last; i += 1) {
    const slot = counts[steps(i) - steps(first)] as [number, number];
    slot[1] += side.bucketCounts[i] as number;
  }
  return counts;
}
