import { centredAverage } from "../../math/centred-average.ts";
import { medianOfFew } from "../../math/median-of-few.ts";

/** One season of a series: what each phase of a period adds to the level. */
export interface SeasonalPattern {
  /** Length in steps. */
  readonly period: number;
  /** What each phase adds; phase 0 is that of the step after the history. */
  readonly pattern: Float64Array;
  /** What the other cycles say of each point of the history: the pattern as it would have been without that point. */
  readonly crossFitted: Float64Array;
  /** Share of the absolute deviation from the trend that the other cycles explain: 0 is nothing, 1 everything. */
  readonly gain: number;
}

/** Cycles that speak for a phase: old ones are forgotten. */
const MAX_CYCLES = 6;

/**
 * Finds what a period explains of a series (`NaN` for gaps): deviations from a centred average over one period, and of each phase the median
 * over the nearest cycles, which outliers do not move. The pattern is shrunk by how well each cycle is told by the others, so that
 * chance leaves next to nothing of it. Linear in the length. There must be two cycles.
 */
export function seasonalPattern(values: Float64Array, period: number): SeasonalPattern {
  const length = values.length;
  const trend = centredAverage(values, period);
  const deviations = new Float64Array(length);
  for (let index = 0; index < length; index++) {
    deviations[index] = (values[index] as number) - (trend[index] as number);
  }
  const pattern = new Float64Array(period);
  const crossFitted = new Float64Array(length);
  const cycles = new Int32Array(Math.ceil(length / period));
  const nearest = new Float64Array(MAX_CYCLES);
  for (let phase = 0; phase < period; phase++) {
    const count = validPoints(deviations, length - period + phase, period, cycles);
    for (let own = 0; own < count; own++) {
      const first = Math.max(0, Math.min(count - MAX_CYCLES - 1, own - (MAX_CYCLES >> 1)));
      let others = 0;
      for (let cycle = first; cycle < count && others < MAX_CYCLES; cycle++) {
        if (cycle !== own) nearest[others++] = deviations[cycles[cycle] as number] as number;
      }
      crossFitted[cycles[own] as number] = medianOfFew(nearest, others);
    }
    const recent = Math.min(count, MAX_CYCLES);
    for (let cycle = 0; cycle < recent; cycle++) {
      nearest[cycle] = deviations[cycles[cycle] as number] as number;
    }
    pattern[phase] = medianOfFew(nearest, recent);
  }
  const share = shrinkage(deviations, crossFitted);
  for (let index = 0; index < length; index++) (crossFitted[index] as number) *= share;
  for (let phase = 0; phase < period; phase++) (pattern[phase] as number) *= share;
  return { period, pattern, crossFitted, gain: explained(deviations, crossFitted) };
}

/** Collects the points of one phase that are no gaps, newest first, and returns how many there are. */
function validPoints(deviations: Float64Array, newest: number, period: number, found: Int32Array): number {
  let count = 0;
  for (let index = newest; index >= 0; index -= period) {
    if (!Number.isNaN(deviations[index] as number)) found[count++] = index;
  }
  return count;
}

/** Slope of the deviations on what was said of them, between 0 and 1. */
function shrinkage(deviations: Float64Array, told: Float64Array): number {
  let together = 0;
  let alone = 0;
  for (let index = 0; index < deviations.length; index++) {
    const deviation = deviations[index] as number;
    if (Number.isNaN(deviation)) continue;
    together += deviation * (told[index] as number);
    alone += (told[index] as number) ** 2;
  }
  return alone > 0 ? Math.max(0, Math.min(1, together / alone)) : 0;
}

function explained(deviations: Float64Array, told: Float64Array): number {
  let before = 0;
  let after = 0;
  for (let index = 0; index < deviations.length; index++) {
    const deviation = deviations[index] as number;
    if (Number.isNaN(deviation)) continue;
    before += Math.abs(deviation);
    after += Math.abs(deviation - (told[index] as number));
  }
  return before > 0 ? 1 - after / before : 0;
}
