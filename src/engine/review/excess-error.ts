import { numberRow } from "../../math/number-row.ts";
import type { ScoredForecast } from "./forecast-review.ts";
import type { SavedExcess } from "./saved-review.ts";

/** The error of naive may be exceeded by this factor. */
const ALLOWANCE = 1.1;
/** The limit of the sum, in usual errors times horizons. */
const MAX_EXCESS = 2;
/** Scores that are needed before a model can be dismissed. */
const MIN_SCORED = 20;
/** About how many of the newest scores define the usual error. */
const MEMORY = 64;

/**
 * Detects that forecasts have become worse than naive, early, and without reacting to chance. It is
 * a one-sided cumulative sum (Page 1954, CUSUM, https://doi.org/10.1093/biomet/41.1-2.100) of the
 * error beyond 1.1 times that of naive. The sum cannot fall below 0, so good scores in the past do
 * not offset bad scores now. Forecasts of one horizon overlap and err together, so all of them
 * count as one.
 *
 * Measured on simulated errors of overlapping forecasts:
 * - With a true ratio of 0.8, one in eight series is dismissed wrongly within 24 horizons; with
 *   0.6, one in a hundred.
 * - An error of twice that of naive is detected after 3 horizons in the median, five times that
 *   after 1 horizon.
 *
 * Each score is O(1).
 */
export class ExcessError extends numberRow(["scored", "usual", "excess"]) {
  readonly #scoresPerHorizon: number;

  /** `scoresPerHorizon` is how many forecasts are scored during one horizon. */
  constructor(scoresPerHorizon: number) {
    super();
    if (!(scoresPerHorizon >= 1)) {
      throw new RangeError(`scoresPerHorizon: expected a number of at least 1, got ${scoresPerHorizon}`);
    }
    this.#scoresPerHorizon = scoresPerHorizon;
  }

  /** Whether the forecasts are now worse than naive. */
  get isTooMuch(): boolean {
    return this.scored >= MIN_SCORED && this.excess > MAX_EXCESS;
  }

  saved(): SavedExcess {
    return { scored: this.scored, usual: this.usual, excess: this.excess };
  }

  restore({ scored, usual, excess }: SavedExcess): void {
    this.scored = scored;
    this.usual = usual;
    this.excess = excess;
  }

  add({ error, naiveError }: Pick<ScoredForecast, "error" | "naiveError">): void {
    this.scored++;
    const larger = Math.max(error, naiveError);
    this.usual += larger / Math.min(this.scored, MEMORY) - this.usual / Math.min(this.scored, MEMORY);
    if (this.usual === 0) return;
    const excess = error / this.usual - ALLOWANCE * (naiveError / this.usual);
    this.excess = Math.max(0, this.excess + excess / this.#scoresPerHorizon);
  }
}
