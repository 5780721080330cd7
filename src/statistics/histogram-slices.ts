import type { HistogramPoint } from "../core/metric-point.ts";
import { CompensatedSum } from "../math/compensated-sum.ts";
import { ExplicitCounts } from "./explicit-counts.ts";
import { ExponentialCounts } from "./exponential-counts.ts";
import { type Extent, type HistogramBuckets, NO_EXTENT, widest } from "./histogram-buckets.ts";
import type { SavedBuckets, SavedPast } from "./saved-window.ts";

/** The values of one slice of a histogram. */
export interface HistogramSlice extends Extent {
  readonly count: number;
  readonly sum: number;
  readonly buckets: HistogramBuckets;
  /** The scale of the buckets, if it is known without them. */
  readonly scale?: number;
}

export type Summary = Omit<HistogramSlice, "buckets" | "scale">;

export const NOTHING: Summary = { count: 0, sum: 0, min: undefined, max: undefined };

/** The values of a point; `undefined` if it is invalid or empty. */
export function sliceFrom(point: HistogramPoint): HistogramSlice | undefined {
  if (!(point.count > 0 && point.count < Number.POSITIVE_INFINITY)) return undefined;
  const buckets = point.kind === "explicit" ? ExplicitCounts.from(point) : ExponentialCounts.from(point);
  if (buckets === undefined) return undefined;
  return { count: point.count, sum: point.sum, min: known(point.min), max: known(point.max), buckets };
}

/** The buckets that were saved. */
export function bucketsFrom(saved: SavedBuckets): HistogramBuckets {
  return saved.kind === "explicit" ? ExplicitCounts.restore(saved) : ExponentialCounts.restore(saved);
}

/** The ends of an extent that are known, as plain data. */
export function savedExtent({ min, max }: Extent): { min?: number; max?: number } {
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

/** Two slices as one. Changes the buckets of the first. */
export function joined(slice: HistogramSlice, other: HistogramSlice): HistogramSlice {
  slice.buckets.add(other.buckets);
  return { ...summaryOf([slice, other]), buckets: slice.buckets };
}

export function summaryOf(slices: readonly Summary[]): Summary {
  const [first] = slices;
  if (first === undefined) return NOTHING;
  const sum = new CompensatedSum();
  let count = 0;
  let { min, max } = first;
  for (const slice of slices) {
    count += slice.count;
    sum.add(slice.sum);
    // Unknown if one slice does not know it.
    min = min === undefined || slice.min === undefined ? undefined : Math.min(min, slice.min);
    max = max === undefined || slice.max === undefined ? undefined : Math.max(max, slice.max);
  }
  return { count, sum: sum.total, min, max };
}

function known(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

/** The values of a slice: their number and their buckets. */
export type BucketedValues = Pick<HistogramSlice, "count" | "buckets" | "scale">;

/**
 * The merged values of the newest slices of a window. They are updated: new points are added, old
 * slices subtracted.
 */
export class MergedSlices {
  #count = 0;
  #buckets: HistogramBuckets | undefined;

  get count(): number {
    return this.#count;
  }

  get buckets(): HistogramBuckets | undefined {
    return this.#buckets;
  }

  add({ count, buckets }: BucketedValues): void {
    this.#count += count;
    this.#buckets ??= buckets.emptied();
    this.#buckets.add(buckets);
  }

  /** Subtracts a slice; `left` gives the slices that remain. */
  subtract(dropped: BucketedValues, left: () => Iterable<BucketedValues>): void {
    this.#count -= dropped.count;
    this.#buckets?.subtract(dropped.buckets);
    if (this.#buckets?.isCoarserThan(scalesOf(left())) !== true) return;
    this.clear();
    for (const slice of left()) this.add(slice);
  }

  clear(): void {
    this.#count = 0;
    this.#buckets = undefined;
  }
}

function* scalesOf(slices: Iterable<BucketedValues>): Iterable<number> {
  for (const slice of slices) yield slice.scale ?? slice.buckets.scale ?? Number.NEGATIVE_INFINITY;
}

/** Counts are halved after this many windows. */
const HALVED_AFTER_WINDOWS = 4;

/** What a histogram has counted in the long run. Newer values weigh more. */
export class PastHistogram {
  readonly #halvedAfter: number;
  #buckets: HistogramBuckets | undefined;
  #count = 0;
  #slices = 0;
  #extent: Extent = NO_EXTENT;

  constructor(slicesOfWindow: number) {
    this.#halvedAfter = HALVED_AFTER_WINDOWS * slicesOfWindow;
  }

  get buckets(): HistogramBuckets | undefined {
    return this.#buckets;
  }

  get count(): number {
    return this.#count;
  }

  /** Of all values ever. */
  get extent(): Extent {
    return this.#extent;
  }

  add(values: Omit<HistogramSlice, "sum">): void {
    if (this.#buckets?.accepts(values.buckets) !== true) {
      this.#buckets = values.buckets.emptied();
      this.#count = 0;
      this.#extent = NO_EXTENT;
    }
    this.#buckets.add(values.buckets);
    this.#count += values.count;
    this.#extent = widest(this.#extent, values);
  }

  saved(): SavedPast {
    const buckets = this.#buckets?.saved();
    return {
      ...(buckets === undefined ? {} : { buckets }),
      count: this.#count,
      slices: this.#slices,
      ...savedExtent(this.#extent),
    };
  }

  restore({ buckets, count, slices, min, max }: SavedPast): void {
    this.#buckets = buckets && bucketsFrom(buckets);
    this.#count = count;
    this.#slices = slices;
    this.#extent = { min, max };
  }

  /** Begins the next slice. */
  advance(): void {
    this.#slices += 1;
    if (this.#slices % this.#halvedAfter !== 0) return;
    this.#buckets = this.#buckets?.scaled(0.5);
    this.#count *= 0.5;
  }
}
