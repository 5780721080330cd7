import type { History } from "../../core/history.ts";
import type { Seasonality } from "../method.ts";
import { hasSeasons, patternsOf } from "./find-seasons.ts";
import type { SeasonallyAdjusted } from "./seasonally-adjusted.ts";

/**
 * The seasons of a model of `auto`. What else it knows does not grow old: it takes each new point.
 * But a pattern changes, and a series without a season may get one.
 */
export class FollowedSeasons implements Seasonality {
  readonly #kind: Omit<History, "values">;
  /** Absent: none were found. */
  readonly #adjusted: SeasonallyAdjusted | undefined;

  /** @param history whose seasons were looked for. */
  constructor({ stepSeconds, season }: History, adjusted: SeasonallyAdjusted | undefined) {
    this.#kind = { stepSeconds, ...(season === undefined ? {} : { season }) };
    this.#adjusted = adjusted;
  }

  get areNone(): boolean {
    return this.#adjusted === undefined;
  }

  follow(past: Float64Array): boolean {
    if (this.#adjusted === undefined) return !hasSeasons({ ...this.#kind, values: past });
    const patterns = patternsOf(past, this.#adjusted.periods);
    if (patterns === undefined) return false;
    this.#adjusted.goOnWith(patterns);
    return true;
  }
}
