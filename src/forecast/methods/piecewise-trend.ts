import { numberRow } from "../../math/number-row.ts";
import type { FittedMethod, Method, PlausibleRange } from "../method.ts";
import { PlausibleChange, TRUSTED_TIMES } from "../regimes/plausible-change.ts";
import { Regimes } from "../regimes/regimes.ts";
import { SeenRange } from "../regimes/seen-range.ts";
import type { MoveLine } from "../regimes/sustained-move.ts";

/** The weight of a new regime with a clear slope, which the backtest cannot know yet. */
const NEW_REGIME_WEIGHT = 5000;
/** A slope is clear enough for this weight from this many standard errors on. */
const CONVINCING_SLOPE_ERRORS = 8;
const MIN_KNOWN_POINTS = 10;
/** A regime is novel from this many times the largest deviation before on, and fully so further on. */
const NOVEL_FROM = 2;
const FULL_NOVELTY = 7;
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

/** The state of the piecewise trend. */
export class PiecewiseTrend extends numberRow([], Regimes, SeenRange) implements FittedMethod {
  readonly #regimes = this.part(new Regimes());
  readonly #seen = this.part(new SeenRange());
  /**
   * The line that is followed, and for how many steps. It is computed once for each point, because
   * forecasts are made for many steps.
   */
  #hasLine = false;
  #level = Number.NaN;
  #slope = Number.NaN;
  #trustedSteps = Number.NaN;
  #change: PlausibleChange | "none" | undefined;

  update(value: number): void {
    this.#regimes.take(value);
    this.#seen.take(value);
    this.forgetForecasts();
  }

  at(steps: number): number {
    if (!this.#hasLine) this.#findLine();
    return this.#level + this.#slope * Math.min(steps, this.#trustedSteps);
  }

  takeAll(values: Float64Array, from: number, to: number): void {
    for (let index = from; index < to; index++) this.update(values[index] as number);
  }

  forecastAt(horizons: readonly number[], into: Float64Array): void {
    for (let column = 0; column < horizons.length; column++)
      into[column] = this.at(horizons[column] as number);
  }

  /** How much more this forecast is worth than its backtest shows, because the regime is new. */
  get weightFactor(): number {
    const { hasChanged, isUnsure, novelty, newness, knownPoints } = this.#regimes;
    if (!hasChanged || isUnsure || knownPoints < MIN_KNOWN_POINTS) return 1;
    if (!this.#isConvincing) return 1;
    const isNovel = share((novelty - NOVEL_FROM) / (FULL_NOVELTY - NOVEL_FROM));
    return 1 + (NEW_REGIME_WEIGHT - 1) * isNovel * newness;
  }

  /** Call it when the row has other numbers. */
  forgetForecasts(): void {
    this.#hasLine = false;
    this.#change = undefined;
  }

  get #isConvincing(): boolean {
    const { slope, isInherited, ownSlope, persistence } = this.#regimes;
    if (moveOf(this.#regimes) !== undefined) return true;
    if (slope === 0 || isInherited) return isInherited;
    return Math.abs(slope) >= CONVINCING_SLOPE_ERRORS * ownSlope.error * persistence;
  }

  /** Soon after a change, a slope has been seen for a short time. */
  #findLine(): void {
    const regimes = this.#regimes;
    const move = moveOf(regimes);
    const points = move?.points ?? regimes.slopePoints;
    this.#hasLine = true;
    this.#level = move?.level ?? regimes.level;
    this.#slope = move?.slope ?? regimes.slope;
    this.#trustedSteps = regimes.newness === 0 ? Number.POSITIVE_INFINITY : TRUSTED_TIMES * points;
  }

  plausible(steps: number): PlausibleRange | undefined {
    this.#change ??= PlausibleChange.of(this.#regimes) ?? "none";
    return this.#change === "none" ? undefined : this.#change.around(this.at(steps), steps, this.#seen);
  }
}

/** The move away from the former level, while it is new and clear. */
function moveOf({ move, newness }: Regimes): MoveLine | undefined {
  return newness > 0 && move?.isStrong === true ? move : undefined;
}

function share(value: number): number {
  return Math.min(1, Math.max(0, value));
}
