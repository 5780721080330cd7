import type { SavedBuckets } from "./saved-window.ts";

/** The minimum and maximum of a histogram, if they are known. */
export interface Extent {
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/**
 * The buckets of an explicit or an exponential histogram, which can be added and subtracted. Call
 * `add` and `subtract` only with buckets for which `accepts` is true.
 */
export interface HistogramBuckets {
  /** Whether other buckets have the same kind and layout. */
  accepts(other: HistogramBuckets): boolean;
  /** A copy whose counts are all 0. */
  emptied(): HistogramBuckets;
  add(other: HistogramBuckets): void;
  /** A copy whose counts are multiplied, and may then be fractions. Counts below 0.001 are left out. */
  scaled(factor: number): HistogramBuckets;
  /** Subtracts buckets that were added before. */
  subtract(other: HistogramBuckets): void;
  /** The scale of exponential buckets: a higher one is finer. Others have none. */
  readonly scale?: number;
  /** Whether the sum of parts of these scales, computed again, would have finer buckets than these. */
  isCoarserThan(scales: Iterable<number>): boolean;
  /** As plain data; `bucketsFrom` makes buckets of it again. */
  saved(): SavedBuckets;
  /** The value at quantile `q` (0..1). `undefined` for an empty histogram. */
  quantile(q: number, extent: Extent): number | undefined;
}

/** Counts below this are left out of scaled buckets. */
export const NEGLIGIBLE_COUNT = 0.001;

/** The extent of nothing. */
export const NO_EXTENT: Extent = { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };

/** The extent of two together. An end is unknown if one of the two does not know it. */
export function widest(one: Extent, other: Extent): Extent {
  return { min: lower(one.min, other.min), max: upper(one.max, other.max) };
}

/** The extent of several together. */
export function widestOf(extents: Iterable<Extent>): Extent {
  let { min, max } = NO_EXTENT;
  for (const extent of extents) {
    min = lower(min, extent.min);
    max = upper(max, extent.max);
  }
  return { min, max };
}

function lower(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : Math.min(one, other);
}

function upper(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : Math.max(one, other);
}
