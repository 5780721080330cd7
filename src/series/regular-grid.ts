import { median } from "simple-statistics";
import type { Sample } from "../core/sample.ts";

/** Samples on a regular grid. */
export interface RegularGrid {
  /** Oldest first. The mean of the samples of each slot; `NaN` for a slot without samples. */
  readonly values: Float64Array;
  readonly stepMillis: number;
}

/**
 * Lays samples, oldest first, on a regular grid that ends at the newest sample. The step is the
 * median distance between samples. Samples that all have the same time are laid
 * `fallbackStepMillis` apart. O(n log n).
 *
 * @param capacity The maximum number of slots.
 */
export function regularGrid(
  samples: readonly Sample[],
  capacity: number,
  fallbackStepMillis: number,
): RegularGrid {
  const distances = samples.slice(1).map((sample, index) => sample.at - (samples[index] as Sample).at);
  const positive = distances.filter((distance) => distance > 0);
  if (positive.length < distances.length / 2 || positive.length === 0) {
    const newest = samples.slice(-capacity);
    return { values: Float64Array.from(newest, (sample) => sample.value), stepMillis: fallbackStepMillis };
  }
  return onGrid(samples, capacity, median(positive));
}

function onGrid(samples: readonly Sample[], capacity: number, stepMillis: number): RegularGrid {
  const last = samples[samples.length - 1] as Sample;
  const stepsBack = (sample: Sample): number => Math.round((last.at - sample.at) / stepMillis);
  const length = Math.min(capacity, stepsBack(samples[0] as Sample) + 1);
  const values = new Float64Array(length).fill(Number.NaN);
  const counts = new Uint32Array(length);
  for (const sample of samples) {
    const slot = length - 1 - stepsBack(sample);
    if (slot < 0 || Number.isNaN(sample.value)) continue;
    const count = (counts[slot] as number) + 1;
    counts[slot] = count;
    const before = count === 1 ? 0 : (values[slot] as number);
    // Division before subtraction: the largest numbers do not overflow.
    values[slot] = before + (sample.value / count - before / count);
  }
  return { values, stepMillis };
}
