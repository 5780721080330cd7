import type { ExponentialHistogram, Histogram } from "@opentelemetry/sdk-metrics";

/** The buckets of a classic Prometheus histogram: how many values were at most each bound. `+Inf` has `total`. */
export interface ClassicBuckets {
  /** Upper bounds, inclusive, ascending and finite. */
  readonly bounds: readonly number[];
  /** Values at or below each bound; never falling. */
  readonly cumulative: readonly number[];
  readonly total: number;
}

/** Most bounds that either side of zero of an exponential histogram is shown with. */
const maxBoundsPerSide = 160;

/** Adds up the buckets of a histogram with explicit bounds. */
export function fromExplicit({ buckets: { boundaries, counts } }: Histogram): ClassicBuckets {
  const buckets = { bounds: [], cumulative: [], total: 0 };
  counts.forEach((count, i) => {
    buckets.total += count;
    close(buckets, boundaries[i] ?? Infinity);
  });
  return buckets;
}

/**
 * Shows an exponential histogram with bounds at powers of two. Every power of two is a bound of the histogram's own
 * buckets too, at any scale from 0 up, so the counts are exact and the bounds stay where they are when the histogram
 * changes its scale. At a negative scale, or over more than 160 powers, every second, fourth, ... power is taken.
 * Only a value that is exactly the negative of a bound is counted one bucket too high: exponential buckets of negative
 * values hold their lower end, classic ones their upper.
 *
 * Definition of the buckets: https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram
 */
export function fromExponential(histogram: ExponentialHistogram): ClassicBuckets {
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

/** Sets a bound behind what was added up so far. One that does not rise or is not finite only hands on its count. */
function close(buckets: { bounds: number[]; cumulative: number[]; total: number }, bound: number): void {
  const last = buckets.bounds.length - 1;
  if (last >= 0 && bound <= (buckets.bounds[last] as number)) buckets.cumulative[last] = buckets.total;
  else if (Number.isFinite(bound)) {
    buckets.bounds.push(bound);
    buckets.cumulative.push(buckets.total);
  }
}

/** Counts by exponent of the power of two above, ascending, from the first that is not empty to the last. */
function byPowersOfTwo(side: ExponentialHistogram["positive"], scale: number): [number, number][] {
  const first = side.bucketCounts.findIndex((count) => count > 0);
  const last = side.bucketCounts.findLastIndex((count) => count > 0);
  if (first < 0) return [];
  const exponentAbove = (i: number): number => (side.offset + i + 1) * 2 ** -scale;
  let step = Math.max(1, 2 ** -scale);
  while ((exponentAbove(last) - exponentAbove(first)) / step >= maxBoundsPerSide) step *= 2;
  const steps = (i: number): number => Math.ceil(exponentAbove(i) / step);
  const counts: [number, number][] = [];
  for (let k = steps(first); k <= steps(last); k += 1) counts.push([k * step, 0]);
  for (let i = first; i <= last; i += 1) {
    const slot = counts[steps(i) - steps(first)] as [number, number];
    slot[1] += side.bucketCounts[i] as number;
  }
  return counts;
}
