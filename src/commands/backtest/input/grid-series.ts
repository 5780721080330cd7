import type { Sample } from "../../../core/sample.ts";
import { regularGrid } from "../../../series/regular-grid.ts";

/** An input that cannot be used. The message names the file, the line where there is one, and what was expected. */
export class BadInput extends Error {}

/** A series as it was read: samples in the order of the input; a value of `NaN` is a gap. */
export interface SampledSeries {
  readonly id: string;
  readonly samples: readonly Sample[];
}

/** A series on a regular grid, oldest first; `NaN` for a gap. */
export interface GridSeries {
  readonly id: string;
  readonly values: Float64Array;
  readonly stepSeconds: number;
  /** Time of the last value in epoch milliseconds, where the input tells. */
  readonly endMillis?: number;
  /** A candidate period in steps, where the input names one. */
  readonly season?: number;
}

/** More slots than this are not laid out: a single stray timestamp would ask for billions. */
const MOST_SLOTS = 1_000_000;

/**
 * Lays samples on the grid of their usual distance. Order does not matter; samples of one time are averaged.
 *
 * @throws BadInput when there are no two different times, or when the times are so far apart that the grid would be
 * nothing but gaps.
 */
export function toGridSeries({ id, samples }: SampledSeries, source: string): GridSeries {
  const ordered = withOneValueEach(samples);
  const last = ordered.at(-1);
  const first = ordered[0];
  if (last === undefined || first === undefined || first.at === last.at) {
    throw new BadInput(`${source}: ${id}: expected values at two different times at least`);
  }
  const { values, stepMillis } = regularGrid(ordered, MOST_SLOTS, 1000);
  if ((last.at - first.at) / stepMillis >= MOST_SLOTS) {
    throw new BadInput(
      `${source}: ${id}: expected at most ${MOST_SLOTS} steps, but times reach from ${time(first)} to ${time(last)} in steps of ${stepMillis / 1000} s`,
    );
  }
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

function time({ at }: Sample): string {
  return new Date(at).toISOString();
}
