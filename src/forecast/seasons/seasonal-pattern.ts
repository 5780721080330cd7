import { RunningSums } from "../../math/centred-average.ts";
import { medianOfFew } from "../../math/median-of-few.ts";
import { mediansOfOthers } from "../../math/medians-of-others.ts";

/** One season of a series: what each phase of a period adds to the level. */
export interface SeasonalPattern {
  /** Length in steps. */
  readonly period: number;
  /** What each phase adds. Phase 0 is that of the first step after the history. */
  readonly pattern: Float64Array;
  /**
   * The pattern at each point of the history, estimated without that point (from the other cycles).
   */
  readonly crossFitted: Float64Array;
  /**
   * Share of the absolute deviation from the trend that the other cycles explain: from 0 for none
   * to 1 for all.
   */
  readonly gain: number;
}

/** The maximum number of cycles that a phase is estimated from; older ones are not used. */
const MAX_CYCLES = 6;

/**
 * What a period explains of a series. Deviations are from a centred average over one period. Each
 * phase is the median over the nearest cycles, so that outliers have no influence. The pattern is
 * shrunk by how well the other cycles predict each cycle, so that a pattern by chance almost vanishes.
 * Needs at least two cycles. O(length).
 *
 * Most periods that are tried explain too little: the pattern itself is computed for the others only.
 */
export class PeriodTrial {
  readonly period: number;
  readonly crossFitted: Float64Array;
  readonly gain: number;
  readonly #deviations: Float64Array;
  /** How much of the median over the cycles counts. */
  readonly #share: number;

  /** @param values `NaN` for gaps. */
  constructor(values: Float64Array, sums: RunningSums, period: number) {
    this.period = period;
    this.#deviations = sums.centredAverage(period);
    for (let index = 0; index < values.length; index++)
      this.#deviations[index] = (values[index] as number) - (this.#deviations[index] as number);
    this.crossFitted = crossFit(this.#deviations, period);
    this.#share = shrinkage(this.#deviations, this.crossFitted);
    for (let index = 0; index < values.length; index++) (this.crossFitted[index] as number) *= this.#share;
    this.gain = explained(this.#deviations, this.crossFitted);
  }

  get pattern(): SeasonalPattern {
    const { period, crossFitted, gain } = this;
    const pattern = new Float64Array(period);
    for (let phase = 0; phase < period; phase++) {
      const count = readPhase(this.#deviations, period, phase, MAX_CYCLES);
      pattern[phase] = this.#share * medianOfFew(ofPhase, count);
    }
    return { period, pattern, crossFitted, gain };
  }
}

/** The pattern that a period explains of a series (`NaN` for gaps). */
export function seasonalPattern(values: Float64Array, period: number): SeasonalPattern {
  return new PeriodTrial(values, new RunningSums(values), period).pattern;
}

// Scratch: the deviations of one phase, newest first, their indices and what others predict for them.
let ofPhase = new Float64Array(0);
let indices = new Int32Array(0);
let predictions = new Float64Array(0);

/** Each deviation as the other cycles predict it; 0 for gaps. */
function crossFit(deviations: Float64Array, period: number): Float64Array {
  const predicted = new Float64Array(deviations.length);
  reserve(Math.max(MAX_CYCLES, Math.ceil(deviations.length / period)));
  for (let phase = 0; phase < period; phase++) {
    const count = readPhase(deviations, period, phase, ofPhase.length);
    mediansOfOthers(ofPhase, count, MAX_CYCLES, predictions);
    for (let own = 0; own < count; own++) predicted[indices[own] as number] = predictions[own] as number;
  }
  return predicted;
}

function reserve(cycles: number): void {
  if (ofPhase.length >= cycles) return;
  ofPhase = new Float64Array(2 * cycles);
  indices = new Int32Array(2 * cycles);
  predictions = new Float64Array(2 * cycles);
}

/** Reads the points of one phase that are not gaps, newest first, up to `most`. Returns their number. */
function readPhase(deviations: Float64Array, period: number, phase: number, most: number): number {
  let count = 0;
  for (let index = deviations.length - period + phase; index >= 0 && count < most; index -= period) {
    const deviation = deviations[index] as number;
    if (Number.isNaN(deviation)) continue;
    ofPhase[count] = deviation;
    indices[count++] = index;
  }
  return count;
}

/** Slope of the deviations on their predictions, limited to 0..1. */
function shrinkage(deviations: Float64Array, predicted: Float64Array): number {
  let together = 0;
  let alone = 0;
  for (let index = 0; index < deviations.length; index++) {
    const deviation = deviations[index] as number;
    if (Number.isNaN(deviation)) continue;
    together += deviation * (predicted[index] as number);
    alone += (predicted[index] as number) ** 2;
  }
  return alone > 0 ? Math.max(0, Math.min(1, together / alone)) : 0;
}

function explained(deviations: Float64Array, predicted: Float64Array): number {
  let before = 0;
  let after = 0;
  for (let index = 0; index < deviations.length; index++) {
    const deviation = deviations[index] as number;
    if (Number.isNaN(deviation)) continue;
    before += Math.abs(deviation);
    after += Math.abs(deviation - (predicted[index] as number));
  }
  return before > 0 ? 1 - after / before : 0;
}
