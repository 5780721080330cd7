import type { FittedMethod, Method } from "../method.ts";
import { Regimes } from "../regimes/regimes.ts";

/** A slope is trusted for this many times as long as it was seen. */
const TRUSTED_TIMES = 4;
/** The weight of a new regime with a clear slope, which the backtest cannot know yet. */
const NEW_REGIME_WEIGHT = 5000;
/** A slope is clear enough for this weight from this many standard errors on. */
const CONVINCING_SLOPE_ERRORS = 8;
const MIN_KNOWN_POINTS = 10;
/** A regime is new for this many points; the weight fades over as many again. */
const NEW_POINTS = 12;
/** A regime counts in full when it began by this many times the largest deviation before. */
const FULL_NOVELTY = 6;
/** Bounds of the slope are this many standard errors away. */
const SLOPE_ERRORS_OF_80_PERCENT = 1.3;

/**
 * The current straight piece of a series that changes its level and its slope from time to time:
 * after a restart, when a queue begins to grow, when a burst ends. It forecasts the line of the
 * points since the last change, if that has a clear slope, and otherwise their mean. A slope that was
 * just interrupted by a reset goes on.
 */
export const piecewiseTrend: Method = {
  name: "piecewise-trend",
  fit(history) {
    const fitted = new PiecewiseTrend();
    for (const value of history.values) fitted.update(value);
    return fitted;
  },
};

class PiecewiseTrend implements FittedMethod {
  readonly #regimes = new Regimes();

  update(value: number): void {
    this.#regimes.take(value);
  }

  at(steps: number): number {
    const { level, slope } = this.#regimes;
    return level + slope * this.#trusted(steps);
  }

  /** How much more this forecast is worth than its backtest shows, because the regime is new. */
  get weightFactor(): number {
    const { hasChanged, isUnsure, slope, isInherited, ownSlope, novelty, age, knownPoints } = this.#regimes;
    if (!hasChanged || isUnsure || slope === 0 || knownPoints < MIN_KNOWN_POINTS) return 1;
    if (!isInherited && Math.abs(slope) < CONVINCING_SLOPE_ERRORS * ownSlope.error) return 1;
    const isNovel = share((novelty - 2) / (FULL_NOVELTY - 1));
    const isNew = share(2 - age / NEW_POINTS);
    return 1 + (NEW_REGIME_WEIGHT - 1) * isNovel * isNew;
  }

  /**
   * What may well come after a change, although no error of the past shows it: the old level again
   * while the change is not certain, and any slope that the new points allow. `undefined` when the
   * last change is long past.
   */
  plausible(steps: number): { readonly lower: number; readonly upper: number } | undefined {
    const regimes = this.#regimes;
    const isNew = regimes.isUnsure ? 1 : regimes.hasChanged ? share(2 - regimes.age / NEW_POINTS) : 0;
    if (isNew === 0) return undefined;
    const here = this.at(steps);
    const reached = [regimes.last, ...this.#continued(steps)];
    const { levelBefore } = regimes;
    if (levelBefore !== undefined && regimes.age <= 3) reached.push(levelBefore);
    const noise = SLOPE_ERRORS_OF_80_PERCENT * regimes.deviation;
    return {
      lower: here + isNew * (Math.min(here, ...reached) - noise - here),
      upper: here + isNew * (Math.max(here, ...reached) + noise - here),
    };
  }

  /** Where the lowest and the highest slope lead that the points allow. */
  #continued(steps: number): readonly number[] {
    const { last, level, levelBefore = last, age, isUnsure, ownSlope, slope } = this.#regimes;
    if (isUnsure) return [];
    const pace = Math.abs(level - levelBefore) / age;
    const span = Math.min(steps, TRUSTED_TIMES * Math.max(age, this.#regimes.slopePoints));
    const spread = Math.min(SLOPE_ERRORS_OF_80_PERCENT * ownSlope.error, pace);
    const most = 1.5 * Math.max(Math.abs(slope), pace);
    const within = (value: number): number => Math.min(most, Math.max(-most, value));
    return [
      last + within(ownSlope.slope - spread) * span,
      last + within(ownSlope.slope + spread) * span,
      last + slope * steps,
    ];
  }

  #trusted(steps: number): number {
    return Math.min(steps, TRUSTED_TIMES * this.#regimes.slopePoints);
  }
}

function share(value: number): number {
  return Math.min(1, Math.max(0, value));
}
