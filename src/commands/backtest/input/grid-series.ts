import type { Sample } from "../../../core/sample.ts";
import { regularGrid } from "../../../series/regular-grid.ts";
import { monthlyGrid } from "./months.ts";

/** A series as it was read, in the order of the input. A value of `NaN` is a gap. */
export interface SampledSeries {
  readonly id: string;
  readonly samples: readonly Sample[];
}

/** A series on a regular grid, oldest first; `NaN` for a gap. */
export interface GridSeries {
  readonly id: string;
  readonly values: Float64Array;
  readonly stepSeconds: number;
  /** Time of the last value in epoch milliseconds, when the input has times. */
  readonly endMillis?: number;
  /** A season to try, in steps, when the input has one. */
  readonly season?: number;
  /** The calendar months of a step, when steps are months: they differ in length. */
  readonly stepMonths?: number;
}

/** A series that cannot be tested, and why. */
export interface Untested {
  readonly id: string;
  readonly reason: string;
}

/** What an input holds. */
export interface ReadSeries {
  readonly series: readonly GridSeries[];
  readonly untested: readonly Untested[];
  /** How the input was read, where this is not obvious, as text for the user. */
  readonly notes: readonly string[];
}

/** The maximum number of slots: one wrong timestamp could need billions. */
export const MAX_SLOTS = 1_000_000;

/** Lays series on their grids. Those that have none are named, with the reason. */
export function onGrids(sampled: readonly SampledSeries[]): Pick<ReadSeries, "series" | "untested"> {
  const gridded = sampled.map(toGridSeries);
  return {
    series: gridded.filter((it) => "values" in it),
    untested: gridded.filter((it) => "reason" in it),
  };
}

/**
 * Lays samples on a regular grid. Order does not matter; samples of the same time are averaged. A
 * series has no grid when all samples have the same time, or when the times are so far apart that
 * the grid would consist of gaps.
 */
export function toGridSeries({ id, samples }: SampledSeries): GridSeries | Untested {
  const ordered = withOneValueEach(samples);
  const last = ordered.at(-1);
  const first = ordered[0];
  if (last === undefined || first === undefined || first.at === last.at) {
    const found = ordered.length === 0 ? "no value" : "values at one time only";
    return { id, reason: `${found}: expected values at two different times at least` };
  }
  const monthly = monthlyGrid(ordered);
  if (monthly !== undefined && monthly.values.length > MAX_SLOTS) {
    const { stepMonths } = monthly;
    return { id, reason: tooLong(first, last, stepMonths === 1 ? "1 month" : `${stepMonths} months`) };
  }
  if (monthly !== undefined) return { id, ...monthly };
  const { values, stepMillis } = regularGrid(ordered, MAX_SLOTS, 1000);
  if ((last.at - first.at) / stepMillis >= MAX_SLOTS)
    return { id, reason: tooLong(first, last, `${stepMillis / 1000} s`) };
  return { id, values, stepSeconds: stepMillis / 1000, endMillis: last.at };
}

function withOneValueEach(samples: readonly Sample[]): Sample[] {
  const ordered = samples.toSorted((one, other) => one.at - other.at);
  const single: Sample[] = [];
  let count = 0;
  for (const sample of ordered) {
    const before = single.at(-1);
    if (before === undefined || before.at !== sample.at) {
      single.push(sample);
      count = Number.isNaN(sample.value) ? 0 : 1;
    } else if (!Number.isNaN(sample.value)) {
      count += 1;
      const mean = count === 1 ? sample.value : before.value + (sample.value / count - before.value / count);
      single[single.length - 1] = { at: before.at, value: mean };
    }
  }
  return single;
}

function tooLong(first: Sample, last: Sample, step: string): string {
  return `expected at most ${MAX_SLOTS} steps, but times reach from ${time(first)} to ${time(last)} in steps of ${step}`;
}

function time({ at }: Sample): string {
  return new Date(at).toISOString();
}
