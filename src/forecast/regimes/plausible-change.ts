import type { PlausibleRange } from "../method.ts";
import type { Regimes } from "./regimes.ts";
import type { SeenRange } from "./seen-range.ts";
import type { MoveLine } from "./sustained-move.ts";

/** A slope is trusted for this many times as long as it was seen. */
export const TRUSTED_TIMES = 4;
/** A regime of fewer points may be an outlier after all. */
const UNCERTAIN_POINTS = 3;
/** A new slope is at most this many times the pace at which the level has moved since the change. */
const MOST_PACE = 1.5;
/** The distance of the bounds of an 80 % interval, in standard deviations. */
const DEVIATIONS_OF_80_PERCENT = 1.3;

/** How much of the range counts for a drift, which has gone on for a while before it is noticed. */
const SHARE_OF_DRIFT = 0.6;

/** Slopes that the points since a change allow, in values a step. */
interface Slopes {
  readonly lowest: number;
  readonly expected: number;
  readonly highest: number;
  /** They are followed for this many steps. */
  readonly span: number;
  /** Points since the change; absent for a slope that cannot accelerate. */
  readonly acceleratesOver: number | undefined;
}

/**
 * What may well come after a sudden change, although no error of the past shows it: the old level
 * again while the change is not certain, and any slope that the new points allow.
 */
export class PlausibleChange {
  /** How much of the range counts, 0 to 1. */
  readonly #share: number;
  readonly #last: number;
  readonly #noise: number;
  readonly #formerLevels: readonly number[];
  readonly #slopes: Slopes;
  readonly #move: MoveLine | undefined;

  private constructor(regimes: Regimes, share: number) {
    this.#share = share;
    this.#last = regimes.last;
    this.#noise = DEVIATIONS_OF_80_PERCENT * regimes.deviation;
    this.#formerLevels = formerLevelsOf(regimes);
    this.#move = regimes.move;
    this.#slopes = regimes.newness === 0 ? slopesOfFirstPoint(regimes) : slopesOf(regimes);
  }

  /** `undefined` when the last change was usual or long ago. */
  static of(regimes: Regimes): PlausibleChange | undefined {
    const { isDrifting, isUnsure, novelty, newness, move } = regimes;
    const isNovel = move === undefined ? Math.min(1, Math.max(0, novelty - 1)) : 1;
    const isSeenForLong = isDrifting && !isUnsure;
    const share = isNovel * (isUnsure ? 1 : newness) * (isSeenForLong ? SHARE_OF_DRIFT : 1);
    return share === 0 ? undefined : new PlausibleChange(regimes, share);
  }

  /**
   * The range around a forecast, `steps` steps ahead. Only a move that goes on may leave what was
   * ever seen far behind.
   */
  around(forecast: number, steps: number, seen: SeenRange): PlausibleRange {
    const { lower, upper } = seen.boundsWithin(this.#changedAround(forecast, steps));
    const moved = this.#movedTo(steps) ?? forecast;
    const share = this.#share;
    return {
      lower: Math.min(lower, forecast + share * (moved - this.#noise - forecast)),
      upper: Math.max(upper, forecast + share * (moved + this.#noise - forecast)),
    };
  }

  #changedAround(forecast: number, steps: number): PlausibleRange {
    const { lowest, expected, highest, span, acceleratesOver } = this.#slopes;
    const followed = Math.min(steps, span);
    const faster =
      acceleratesOver === undefined ? 1 : 1 + Math.min(followed / acceleratesOver, TRUSTED_TIMES) / 2;
    const reached = [
      forecast,
      this.#last,
      this.#last + lowest * followed * (expected < 0 ? faster : 1),
      this.#last + highest * followed * (expected > 0 ? faster : 1),
      this.#last + expected * steps,
      ...this.#formerLevels,
    ];
    return {
      lower: forecast + this.#share * (Math.min(...reached) - this.#noise - forecast),
      upper: forecast + this.#share * (Math.max(...reached) + this.#noise - forecast),
    };
  }

  /** Where the move leads to at the pace that its points allow. */
  #movedTo(steps: number): number | undefined {
    if (this.#move === undefined) return undefined;
    const { slope, error, level } = this.#move;
    return level + (slope + Math.sign(slope) * DEVIATIONS_OF_80_PERCENT * error) * steps;
  }
}

/** The levels that the series may return to. */
function formerLevelsOf({ isUnsure, expectedLevel, levelBefore, changeAge }: Regimes): readonly number[] {
  const levels: number[] = [];
  if (isUnsure && expectedLevel !== undefined) levels.push(expectedLevel);
  if (levelBefore !== undefined && changeAge <= UNCERTAIN_POINTS) levels.push(levelBefore);
  return levels;
}

/** One point is known of the change: its step may come some times again. */
function slopesOfFirstPoint({ last, expectedLevel = last }: Regimes): Slopes {
  const step = last - expectedLevel;
  return { lowest: step, expected: 0, highest: step, span: TRUSTED_TIMES, acceleratesOver: undefined };
}

function slopesOf(regimes: Regimes): Slopes {
  const { last, levelBefore = last, ownSlope, slope, isInherited, slopePoints, changeAge } = regimes;
  const pace = Math.abs(last - levelBefore) / changeAge;
  const middle = isInherited ? slope : ownSlope.slope;
  const unsure = isInherited ? Math.abs(slope) : DEVIATIONS_OF_80_PERCENT * ownSlope.error;
  const spread = Math.min(unsure, pace);
  const most = MOST_PACE * Math.max(Math.abs(slope), pace);
  const within = (value: number): number => Math.min(most, Math.max(-most, value));
  return {
    lowest: within(middle - spread),
    expected: slope,
    highest: within(middle + spread),
    span: TRUSTED_TIMES * Math.max(changeAge, slopePoints),
    acceleratesOver: isInherited ? undefined : changeAge,
  };
}
