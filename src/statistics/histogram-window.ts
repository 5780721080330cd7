import { sum } from "simple-statistics";
import type { HistogramPoint } from "../core/metric-point.ts";
import { ExplicitCounts } from "./explicit-counts.ts";
import { ExponentialCounts } from "./exponential-counts.ts";
import type { Extent, HistogramBuckets } from "./histogram-buckets.ts";
import { SliceRing } from "./slice-ring.ts";
import type { WindowOptions } from "./sum-window.ts";

interface Slice extends Extent {
  readonly count: number;
  readonly sum: number;
  readonly buckets: HistogramBuckets;
}

type Summary = Omit<Slice, "buckets">;

const NOTHING: Summary = { count: 0, sum: 0, min: undefined, max: undefined };

/**
 * A sliding window of histogram deltas: what was recorded in the last `slices` ticks, and its quantiles.
 *
 * Each tick: `advance()` (not before the first tick), then `add` the points of the tick, then read. Points of several
 * attribute sets may be added to one slice. The merged histogram is kept up to date by adding what comes and
 * subtracting what goes; counts, sum, least and greatest value are taken from the slices that are there, so they do
 * not drift. Explicit points with other boundaries than before, or of the other kind, start the window afresh. An idle
 * tick costs O(1), a changed one O(slices + filled buckets).
 */
export class HistogramWindow {
  readonly #slices: SliceRing<Slice>;
  #merged: HistogramBuckets | undefined;
  #summary: Summary | undefined = NOTHING;

  constructor(options: WindowOptions) {
    this.#slices = new SliceRing(options.slices);
  }

  /** Adds a delta to the open slice; false for a point that is broken or holds nothing, which is left out. */
  add(point: HistogramPoint): boolean {
    const slice = sliceFrom(point);
    if (slice === undefined) return false;
    if (this.#merged !== undefined && !this.#merged.accepts(slice.buckets)) this.#startAfresh();
    this.#merged ??= slice.buckets.emptied();
    this.#merged.add(slice.buckets);
    this.#slices.open = this.#slices.open === undefined ? slice : joined(this.#slices.open, slice);
    this.#summary = undefined;
    return true;
  }

  /** Opens the next slice; true when something fell out of the window. */
  advance(): boolean {
    const dropped = this.#slices.advance();
    if (dropped === undefined) return false;
    this.#summary = undefined;
    const left = this.#slices.filled().map((slice) => slice.buckets);
    if (left.length === 0) this.#merged = undefined;
    else this.#takeOut(dropped.buckets, left);
    return true;
  }

  get count(): number {
    return this.#read().count;
  }

  get sum(): number {
    return this.#read().sum;
  }

  /** `undefined` when the window is empty or its sum is not finite. */
  mean(): number | undefined {
    const mean = this.sum / this.count;
    return Number.isFinite(mean) ? mean : undefined;
  }

  /** The value at quantile `q`; `undefined` when the window is empty or `q` is not in 0..1. */
  quantile(q: number): number | undefined {
    if (!(q >= 0 && q <= 1)) return undefined;
    return this.#merged?.quantile(q, this.#read());
  }

  #takeOut(dropped: HistogramBuckets, left: readonly HistogramBuckets[]): void {
    this.#merged?.subtract(dropped);
    if (this.#merged?.isCoarserThan(left) !== true) return;
    const rebuilt = this.#merged.emptied();
    for (const buckets of left) rebuilt.add(buckets);
    this.#merged = rebuilt;
  }

  #startAfresh(): void {
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

/** The least `min`, or greatest `max`; unknown as soon as it is unknown of one slice. */
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
