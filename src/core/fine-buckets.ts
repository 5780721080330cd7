import type { ExponentialBuckets } from "./metric-point.ts";

/**
 * Where a histogram with classic buckets has the same values in finer, exponential ones. A symbol is in
 * no JSON and no message, and whoever prints or compares the histogram does not see it if it is not
 * enumerable. All copies of this package in the process use the same.
 */
export const FINE_BUCKETS = Symbol.for("otel-forecast.fine-buckets");

/** The values of a histogram since the start, in exponential buckets as OpenTelemetry defines them. */
export interface FineBuckets {
  readonly scale: number;
  readonly zeroCount: number;
  readonly positive: ExponentialBuckets;
  readonly negative: ExponentialBuckets;
}

/** The finer buckets of a histogram, if it has them. */
export function fineBucketsOf(histogram: object): FineBuckets | undefined {
  return (histogram as { readonly [FINE_BUCKETS]?: FineBuckets })[FINE_BUCKETS];
}
