import { centredAverage } from "../../math/centred-average.ts";

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
const mostCycles = 6;

/**
 * Finds what a period explains of a series (`NaN` for gaps): deviations from a centred average over one period, and of each phase the median
 * over the nearest cycles, which outliers do not move. The pattern is shrunk by how well each cycle is told by the others, so that
 * chance leaves next to nothing of it. Linear in the length. There must be two cycles.
 */
export function seasonalPattern(values: Float64Array, period: number): SeasonalPattern {
  const length = values.length;
  const trend = centredAverage(values, period);
  const deviations = values.map((value, index) => value - (trend[index] as number));
  const pattern = new Float64Array(period);
  const crossFitted = new Float64Array(length);
  for (let phase = 0; phase < period; phase++) {
    const cycles: number[] = [];
    for (let index = length - period + phase; index >= 0; index -= period) cycles.push(index);
    fillPhase(deviations, cycles, crossFitted);
    pattern[phase] = medianOf(deviations, validFrom(deviations, cycles).slice(0, mostCycles));
  }
  const share = shrinkage(deviations, crossFitted);
  for (let index = 0; index < length; index++) (crossFitted[index] as number) *= share;
  return {
    period,
    pattern: pattern.map((value) => value * share),
    crossFitted,
    gain: explained(deviations, crossFitted),
  };
}

/** Gives each point of one phase the median of the nearest other points of that phase. */
function fillPhase(deviations: Float64Array, cycles: readonly number[], crossFitted: Float64Array): void {
  const valid = validFrom(deviations, cycles);
  const others: number[] = [];
  valid.forEach((own, position) => {
    const centred = position - (mostCycles >> 1);
    const from = Math.max(0, Math.min(valid.length - mostCycles - 1, centred));
    others.length = 0;
    for (let at = from; at <= from + mostCycles && at < valid.length; at++) {
      if (at !== position) others.push(valid[at] as number);
    }
    crossFitted[own] = medianOf(deviations, others);
  });
}

function validFrom(deviations: Float64Array, cycles: readonly number[]): number[] {
  return cycles.filter((index) => !Number.isNaN(deviations[index] as number));
}

/** Median of the deviations at these few positions; 0 of none. */
function medianOf(deviations: Float64Array, positions: readonly number[]): number {
  const count = positions.length;
  if (count === 0) return 0;
  const sorted: number[] = [];
  for (let index = 0; index < count; index++) {
    const value = deviations[positions[index] as number] as number;
    let place = index;
    while (place > 0 && (sorted[place - 1] as number) > value) {
      sorted[place] = sorted[place - 1] as number;
      place--;
    }
    sorted[place] = value;
  }
  const middle = count >> 1;
  const upper = sorted[middle] as number;
  return count % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
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
