/**
 * Metric points as plain data, in the shape that the OpenTelemetry SDK hands them out, so that what reads them
 * needs no OpenTelemetry. Deltas: what happened since the point before.
 */
export interface ExplicitHistogramPoint {
  readonly kind: "explicit";
  readonly count: number;
  readonly sum: number;
  readonly min?: number;
  readonly max?: number;
  /** Upper bounds (inclusive) of all buckets but the last, ascending. */
  readonly boundaries: readonly number[];
  /** One more than `boundaries`. */
  readonly counts: readonly number[];
}

/** Bucket `i` of `offset + i` holds `(base^(offset+i), base^(offset+i+1)]` with `base = 2^(2^-scale)`. */
export interface ExponentialBuckets {
  readonly offset: number;
  readonly bucketCounts: readonly number[];
}

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
}

export type HistogramPoint = ExplicitHistogramPoint | ExponentialHistogramPoint;
