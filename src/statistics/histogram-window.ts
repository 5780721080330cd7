import { sum } from "simple-statistics";
import type { HistogramPoint } from "../core/metric-point.ts";
import { ExplicitCounts } from "./explicit-counts.ts";
import { ExponentialCounts } from "./exponential-counts.ts";
import type { Extent, HistogramBuckets } from "./histogram-buckets.ts";
import { SliceRing, type WindowOptions } from "./sliding-window.ts";

interface Slice extends Extent {
  readonly count: number;
  readonly sum: number;
  readonly buckets: HistogramBuckets;
}

type Summary = Omit<Slice, "buckets">;

const NOTHING: Summary = { count: 0, sum: 0, min: undefined, max: undefined };

/**
 * A sliding window of histogram deltas: the values of the last `slices` slices, and their
 * quantiles.
 *
 * One slice is open from the start. `add` adds points to it; `advance` opens the next slice. Points
 * of several attribute sets may be added to one slice.
 *
 * The merged buckets are updated: new points are added, old slices subtracted. Count, sum, minimum
 * and maximum are computed from the current slices, so they do not drift. A point of the other
 * kind, or with other boundaries, empties the window first. Reading costs O(1) if nothing changes,
 * otherwise O(slices + filled buckets).
 */
export class HistogramWindow {
  readonly #slices: SliceRing<Slice>;
  #merged: HistogramBuckets | undefined;
  #summary: Summary | undefined = NOTHING;

  constructor(options: WindowOptions) {
    this.#slices = new SliceRing(options);
  }

  /** Adds a delta to the open slice. An invalid or empty point is ignored: returns `false`. */
  add(point: HistogramPoint): boolean {
    const slice = sliceFrom(point);
    if (slice === undefined) return false;
    if (this.#merged !== undefined && !this.#merged.accepts(slice.buckets)) this.#clear();
    this.#merged ??= slice.buckets.emptied();
    this.#merged.add(slice.buckets);
    this.#slices.open = this.#slices.open === undefined ? slice : joined(this.#slices.open, slice);
    this.#summary = undefined;
    return true;
  }

  /** Opens the next slice. Returns whether a slice that was not empty left the window. */
  advance(): boolean {
    const dropped = this.#slices.advance();
    if (dropped === undefined) return false;
    this.#summary = undefined;
    const left = this.#slices.filled().map((slice) => slice.buckets);
    if (left.length === 0) this.#merged = undefined;
    else this.#subtract(dropped.buckets, left);
    return true;
  }

  get count(): number {
    return this.#read().count;
  }

  get sum(): number {
    return this.#read().sum;
  }

  /** `undefined` if the window is empty or its sum is not finite. */
  mean(): number | undefined {
    const mean = this.sum / this.count;
    return Number.isFinite(mean) ? mean : undefined;
  }

  /** The value at quantile `q`. `undefined` if the window is empty or `q` is not in 0..1. */
  quantile(q: number): number | undefined {
    if (!(q >= 0 && q <= 1)) return undefined;
    return this.#merged?.quantile(q, this.#read());
  }

  #subtract(dropped: HistogramBuckets, left: readonly HistogramBuckets[]): void {
    this.#merged?.subtract(dropped);
    if (this.#merged?.isCoarserThan(left) !== true) return;
    const rebuilt = this.#merged.emptied();
    for (const buckets of left) rebuilt.add(buckets);
    this.#merged = rebuilt;
  }

  #clear(): void {
    this.#slices.clear();
    this.#merged = undefined;
  }

  #read(): Summary {
    this.#summary ??= summaryOf(this.#slices.filled());
    return this.#summary;
  }
}

function sliceFrom(point: HistogramPoint): Slice | undefined {
  if (!(point.count > 0 && point.count < Number.POSITIVE_INFINITY)) return undefined;
  const buckets = point.kind === "explicit" ? ExplicitCounts.from(point) : ExponentialCounts.from(point);
  if (buckets === undefined) return undefined;
  return { count: point.count, sum: point.sum, min: known(point.min), max: known(point.max), buckets };
}

function joined(slice: Slice, other: Slice): Slice {
  slice.buckets.add(other.buckets);
  return { ...summaryOf([slice, other]), buckets: slice.buckets };
}

function summaryOf(slices: readonly Summary[]): Summary {
  if (slices.length === 0) return NOTHING;
  return {
    count: slices.reduce((total, slice) => total + slice.count, 0),
    sum: sum(slices.map((slice) => slice.sum)),
    min: furthest(slices, "min", Math.min),
    max: furthest(slices, "max", Math.max),
  };
}

/** The least `min` or greatest `max`. `undefined` if one slice does not know it. */
function furthest(
  slices: readonly Summary[],
  end: "min" | "max",
  pick: (a: number, b: number) => number,
): number | undefined {
  let result = slices[0]?.[end];
  for (const slice of slices) {
    const value = slice[end];
    if (result === undefined || value === undefined) return undefined;
    result = pick(result, value);
  }
  return result;
}

function known(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}
