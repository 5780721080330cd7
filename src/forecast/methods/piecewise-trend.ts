import type { FittedMethod, Method, PlausibleRange } from "../method.ts";
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
/** A drift is noticed late, and is new for longer. */
const NEW_DRIFT_POINTS = 60;
/** A regime is novel from this many times the largest deviation before on, and fully so further on. */
const NOVEL_FROM = 2;
const FULL_NOVELTY = 7;
/** A regime of fewer points may be an outlier after all. */
const UNCERTAIN_POINTS = 3;
/** A new slope is at most this many times the pace at which the level has moved since the change. */
const MOST_PACE = 1.5;
/** The distance of the bounds of an 80 % interval, in standard deviations. */
const DEVIATIONS_OF_80_PERCENT = 1.3;

/**
 * The current straight piece of a series that changes its level and its slope from time to time:
 * after a restart, when a queue begins to grow, when a burst ends. It forecasts the line of the
 * points since the last change, if that has a clear slope, and otherwise their mean. A slope that a
 * reset interrupted continues.
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
    const { hasChanged, isUnsure, slope, isInherited, novelty, knownPoints } = this.#regimes;
    if (!hasChanged || isUnsure || slope === 0 || knownPoints < MIN_KNOWN_POINTS) return 1;
    if (!isInherited && !this.#isConvincing) return 1;
    const isNovel = share((novelty - NOVEL_FROM) / (FULL_NOVELTY - NOVEL_FROM));
    return 1 + (NEW_REGIME_WEIGHT - 1) * isNovel * this.#newness;
  }

  get #isConvincing(): boolean {
    const { slope, ownSlope, persistence } = this.#regimes;
    return Math.abs(slope) >= CONVINCING_SLOPE_ERRORS * ownSlope.error * persistence;
  }

  /**
   * What may well come after a change, although no error of the past shows it: the old level again
   * while the change is not certain, and any slope that the new points allow. `undefined` when the
   * last change is long past.
   */
  plausible(steps: number): PlausibleRange | undefined {
    const regimes = this.#regimes;
    if (regimes.isDrifting && !regimes.isUnsure) return undefined;
    const certainty = share(regimes.novelty - 1) * (regimes.isUnsure ? 1 : this.#newness);
    if (certainty === 0) return undefined;
    const here = this.at(steps);
    const reached = [here, regimes.last, ...this.#formerLevels, ...this.#continued(steps)];
    const noise = DEVIATIONS_OF_80_PERCENT * regimes.deviation;
    return {
      lower: here + certainty * (Math.min(...reached) - noise - here),
      upper: here + certainty * (Math.max(...reached) + noise - here),
    };
  }

  /** 1 while the last change is new, falling to 0. */
  get #newness(): number {
    const { hasChanged, isDrifting, changeAge } = this.#regimes;
    return hasChanged ? share(2 - changeAge / (isDrifting ? NEW_DRIFT_POINTS : NEW_POINTS)) : 0;
  }

  /** The levels that the series may return to. */
  get #formerLevels(): readonly number[] {
    const { isUnsure, expectedLevel, levelBefore, changeAge } = this.#regimes;
    const levels: number[] = [];
    if (isUnsure && expectedLevel !== undefined) levels.push(expectedLevel);
    if (levelBefore !== undefined && changeAge <= UNCERTAIN_POINTS) levels.push(levelBefore);
    return levels;
  }

  /** Where the lowest and the highest slope lead that the points allow, and one that accelerates. */
  #continued(steps: number): readonly number[] {
    const regimes = this.#regimes;
    const { last, ownSlope, slope, changeAge } = regimes;
    if (this.#newness === 0) {
      const step = last - (regimes.expectedLevel ?? last);
      return [last + step * Math.min(steps, TRUSTED_TIMES)];
    }
    const pace = Math.abs(last - (regimes.levelBefore ?? last)) / changeAge;
    const span = Math.min(steps, TRUSTED_TIMES * Math.max(changeAge, regimes.slopePoints));
    const expected = regimes.isInherited ? slope : ownSlope.slope;
    const unsure = regimes.isInherited ? Math.abs(slope) : DEVIATIONS_OF_80_PERCENT * ownSlope.error;
    const spread = Math.min(unsure, pace);
    const most = MOST_PACE * Math.max(Math.abs(slope), pace);
    const within = (value: number): number => Math.min(most, Math.max(-most, value));
    const lowest = within(expected - spread);
    const highest = within(expected + spread);
    const faster = regimes.isInherited ? 1 : 1 + Math.min(span / changeAge, TRUSTED_TIMES) / 2;
    return [
      last + lowest * span * (slope < 0 ? faster : 1),
      last + highest * span * (slope > 0 ? faster : 1),
      last + slope * steps,
    ];
  }

  /** The steps that the slope is followed for: soon after a change, it is known for a short time. */
  #trusted(steps: number): number {
    if (this.#newness === 0) return steps;
    return Math.min(steps, TRUSTED_TIMES * this.#regimes.slopePoints);
  }
}

function share(value: number): number {
  return Math.min(1, Math.max(0, value));
}
