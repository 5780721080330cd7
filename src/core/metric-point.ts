import type { Exemplar } from "./exemplar.ts";

/**
 * A delta of a histogram with explicit boundaries: the values since the previous point. It has the
 * shape of the OpenTelemetry SDK's points, but its users need no OpenTelemetry.
 */
export interface ExplicitHistogramPoint {
  readonly kind: "explicit";
  readonly count: number;
  readonly sum: number;
  readonly min?: number;
  readonly max?: number;
  /** The inclusive upper bounds of all buckets but the last, ascending. */
  readonly boundaries: readonly number[];
  /** One count per bucket: one more than `boundaries`. */
  readonly counts: readonly number[];
}

/**
 * `bucketCounts[i]` counts values in `(base^(offset+i), base^(offset+i+1)]`; `base = 2^(2^-scale)`.
 */
export interface ExponentialBuckets {
  readonly offset: number;
  readonly bucketCounts: readonly number[];
}

/** A delta of an exponential histogram. */
export interface ExponentialHistogramPoint {
  readonly kind: "exponential";
  readonly count: number;
  readonly sum: number;
  readonly min?: number;
  readonly max?: number;
  readonly scale: number;
  readonly zeroCount: number;
  readonly positive: ExponentialBuckets;
  readonly negative: ExponentialBuckets;
  /** The largest value that was recorded in a sampled trace. */
  readonly exemplar?: Exemplar;
}

/** A delta of a histogram, of either kind. */
export type HistogramPoint = ExplicitHistogramPoint | ExponentialHistogramPoint;
