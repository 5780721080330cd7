import type { FittedMethod } from "../method.ts";
import type { SeasonalPattern } from "../seasons/seasonal-pattern.ts";

/**
 * A method that sees a total without what the seasons of its use add to it, with that put back on its forecasts. `last` is the total that
 * it begins from, `adjusted` what the method was fed with in its place.
 */
export class SeasonalUse implements FittedMethod {
  readonly #inner: FittedMethod;
  readonly #patterns: readonly { readonly period: number; readonly sums: Float64Array }[];
  #last: number;
  #adjusted: number;
  #elapsedSteps = 0;

  constructor(inner: FittedMethod, patterns: readonly SeasonalPattern[], last: number, adjusted: number) {
    this.#inner = inner;
    this.#patterns = patterns.map(({ period, pattern }) => ({ period, sums: sumsOf(pattern) }));
    this.#last = last;
    this.#adjusted = adjusted;
  }

  update(total: number): void {
    this.#adjusted += total - this.#last - this.#seasonalUse(1);
    this.#last = total;
    this.#elapsedSteps++;
    this.#inner.update(this.#adjusted);
  }

  at(steps: number): number {
    return this.#last + (this.#inner.at(steps) - this.#adjusted) + this.#seasonalUse(steps);
  }

  /** What the seasons add over the next steps. O(seasons). */
  #seasonalUse(steps: number): number {
    let use = 0;
    for (const { period, sums } of this.#patterns) {
      use += sumUntil(sums, period, this.#elapsedSteps + steps) - sumUntil(sums, period, this.#elapsedSteps);
    }
    return use;
  }
}

/** What the first `n` phases add up to, for each `n` up to the whole period. */
function sumsOf(pattern: Float64Array): Float64Array {
  const sums = new Float64Array(pattern.length + 1);
  for (let phase = 0; phase < pattern.length; phase++) {
    sums[phase + 1] = (sums[phase] as number) + (pattern[phase] as number);
  }
  return sums;
}

function sumUntil(sums: Float64Array, period: number, steps: number): number {
  return Math.floor(steps / period) * (sums[period] as number) + (sums[steps % period] as number);
}
