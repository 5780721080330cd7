/** The least and greatest value of a histogram, where they are known. */
export interface Extent {
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/**
 * The buckets of a histogram, of either kind, as something that can be added up and taken apart again. `add` and
 * `subtract` are for buckets that `accepts` has let in.
 */
export interface HistogramBuckets {
  /** True for buckets of the same kind and layout. */
  accepts(other: HistogramBuckets): boolean;
  /** A copy without any counts. */
  emptied(): HistogramBuckets;
  add(other: HistogramBuckets): void;
  /** Takes out what was added before. */
  subtract(other: HistogramBuckets): void;
  /** True when adding up `parts` anew would give finer buckets than these. */
  isCoarserThan(parts: readonly HistogramBuckets[]): boolean;
  /** The value at quantile `q` in 0..1; of an empty histogram it is undefined. */
  quantile(q: number, extent: Extent): number | undefined;
}
