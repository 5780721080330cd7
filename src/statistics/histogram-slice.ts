import { sum } from "simple-statistics";
import type { HistogramPoint } from "../core/metric-point.ts";
import { ExplicitCounts } from "./explicit-counts.ts";
import { ExponentialCounts } from "./exponential-counts.ts";
import type { Extent, HistogramBuckets } from "./histogram-buckets.ts";

/** The values of one slice of a histogram. */
export interface HistogramSlice extends Extent {
  readonly count: number;
  readonly sum: number;
  readonly buckets: HistogramBuckets;
}

export type Summary = Omit<HistogramSlice, "buckets">;

export const NOTHING: Summary = { count: 0, sum: 0, min: undefined, max: undefined };

/** The values of a point; `undefined` if it is invalid or empty. */
export function sliceFrom(point: HistogramPoint): HistogramSlice | undefined {
  if (!(point.count > 0 && point.count < Number.POSITIVE_INFINITY)) return undefined;
  const buckets = point.kind === "explicit" ? ExplicitCounts.from(point) : ExponentialCounts.from(point);
  if (buckets === undefined) return undefined;
  return { count: point.count, sum: point.sum, min: known(point.min), max: known(point.max), buckets };
}

/** Two slices as one. Changes the buckets of the first. */
export function joined(slice: HistogramSlice, other: HistogramSlice): HistogramSlice {
  slice.buckets.add(other.buckets);
  return { ...summaryOf([slice, other]), buckets: slice.buckets };
}

export function summaryOf(slices: readonly Summary[]): Summary {
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
