import type { FittedMethod, Method, PlausibleRange } from "../method.ts";
import { PlausibleChange, TRUSTED_TIMES } from "../regimes/plausible-change.ts";
import { Regimes } from "../regimes/regimes.ts";

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

/** The line that is followed, and for how many steps. */
interface Line {
  readonly level: number;
  readonly slope: number;
  readonly trustedSteps: number;
}

class PiecewiseTrend implements FittedMethod {
  readonly #regimes = new Regimes();
  /** Computed once for each point, because forecasts are made for many steps. */
  #line: Line | undefined;
  #change: PlausibleChange | "none" | undefined;

  update(value: number): void {
    this.#regimes.take(value);
    this.#line = undefined;
    this.#change = undefined;
  }

  at(steps: number): number {
    this.#line ??= lineOf(this.#regimes);
    const { level, slope, trustedSteps } = this.#line;
    return level + slope * Math.min(steps, trustedSteps);
  }

  /** How much more this forecast is worth than its backtest shows, because the regime is new. */
  get weightFactor(): number {
    const { hasChanged, isUnsure, slope, isInherited, novelty, newness, knownPoints } = this.#regimes;
    if (!hasChanged || isUnsure || slope === 0 || knownPoints < MIN_KNOWN_POINTS) return 1;
    if (!isInherited && !this.#isConvincing) return 1;
    const isNovel = share((novelty - NOVEL_FROM) / (FULL_NOVELTY - NOVEL_FROM));
    return 1 + (NEW_REGIME_WEIGHT - 1) * isNovel * newness;
  }

  get #isConvincing(): boolean {
    const { slope, ownSlope, persistence } = this.#regimes;
    return Math.abs(slope) >= CONVINCING_SLOPE_ERRORS * ownSlope.error * persistence;
  }

  plausible(steps: number): PlausibleRange | undefined {
    this.#change ??= PlausibleChange.of(this.#regimes) ?? "none";
    return this.#change === "none" ? undefined : this.#change.around(this.at(steps), steps);
  }
}

/** Soon after a change, a slope has been seen for a short time. */
function lineOf({ level, slope, newness, slopePoints }: Regimes): Line {
  const trustedSteps = newness === 0 ? Number.POSITIVE_INFINITY : TRUSTED_TIMES * slopePoints;
  return { level, slope, trustedSteps };
}

function share(value: number): number {
  return Math.min(1, Math.max(0, value));
}
