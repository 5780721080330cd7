import { numberRow } from "../../math/number-row.ts";
import type { Noise } from "./noise.ts";
import type { PastRegime } from "./past-regimes.ts";
import { RegimePoints } from "./regime-points.ts";

/** A point this many deviations away from the line does not belong to the regime. */
const FOREIGN_DEVIATIONS = 4;
/** Points that the noise must be known from, before any point is foreign. */
const MIN_KNOWN_POINTS = 5;
/** The noise of a new regime is expected to be this share of what the level has moved since. */
const NOISE_OF_MOVE = 0.1;
/** It is at most this many times the noise before, as a variance, unless there was none. */
const MAX_NOISE_GROWTH = 9;
/** A slope counts from this many standard errors on; one through two points from more. */
const CLEAR_SLOPE_ERRORS = 3;
const CLEAR_SLOPE_ERRORS_OF_TWO = 6;
/** A slope through two points is a jump when it is larger than this many deviations. */
const JUMP_DEVIATIONS = 10;
/** With fewer points, a regime without a clear slope has that of an earlier regime like it. */
export const MIN_OWN_POINTS = 8;
const NEGLIGIBLE = 1e-9;

/** How a regime began. */
export interface Beginning {
  /** The level before; absent for the first regime. */
  readonly levelBefore?: number;
  /** Whether the level before was left slowly. */
  readonly isDrift?: boolean;
  /** An earlier regime like this one. */
  readonly inherited?: PastRegime | undefined;
}

const FIELDS = [
  /** `NaN` for the first regime. */
  "levelBefore",
  /** 1 or 0. */
  "isDrift",
  /** Those of an earlier regime like this one; 0 points without one. */
  "earlierSlope",
  "earlierPoints",
  /** 1 when the three below are those of the points so far, otherwise 0. */
  "isCurrent",
  /** The variance of the noise around the line. */
  "variance",
  "slopeError",
  /** 1 or 0. */
  "hasClearSlope",
] as const;

/**
 * The straight line of one regime, and which points belong to it; no line before `begin`. What the
 * points say is computed once for each point: it is asked for by the point after it, and by forecasts at
 * many horizons.
 */
export class RegimeLine extends numberRow(FIELDS, RegimePoints) {
  readonly regime = this.part(new RegimePoints());
  readonly #noise: Noise;

  constructor(noise: Noise) {
    super();
    this.#noise = noise;
  }

  /** Begins another line, which the points of its regime belong to. */
  begin(regime: RegimePoints, { levelBefore, isDrift, inherited }: Beginning): void {
    this.regime.copyFrom(regime);
    this.levelBefore = levelBefore ?? Number.NaN;
    this.isDrift = isDrift === true ? 1 : 0;
    this.earlierSlope = inherited?.slope ?? 0;
    this.earlierPoints = inherited?.points ?? 0;
    this.isCurrent = 0;
  }

  get isEmpty(): boolean {
    return this.regime.isEmpty;
  }

  /** Takes a point that belongs to the line, and its deviation. */
  take(time: number, value: number, deviation: number): void {
    this.#noise.take(deviation);
    this.regime.add(time, value);
    this.isCurrent = 0;
  }

  /** The level of the line at a time. */
  levelAt(time: number): number {
    return this.regime.valueAt(time, this.slope);
  }

  /** The slope, in values a step; 0 when there is no clear one. */
  get slope(): number {
    this.#judge();
    return this.hasClearSlope === 1 ? this.regime.slope : this.#inheritedSlope;
  }

  /** Whether the slope is that of an earlier regime. */
  get isInherited(): boolean {
    this.#judge();
    return this.hasClearSlope === 0 && this.#inheritedSlope !== 0;
  }

  /** How many points the inherited slope has held for. */
  get inheritedPoints(): number {
    return this.isInherited ? this.earlierPoints : 0;
  }

  /** The slope of the points alone, and its standard error. */
  get ownSlope(): { readonly slope: number; readonly error: number } {
    this.#judge();
    return { slope: this.regime.slope, error: this.slopeError };
  }

  /** The standard deviation of the noise around the line. */
  get deviation(): number {
    this.#judge();
    return Math.sqrt(this.variance);
  }

  /** The distance of a value from the line, in units in which its deviation is that of the noise. */
  deviationOf(value: number, time: number): number {
    const expected = this.#distance(value, time, this.slope);
    if (this.regime.count >= MIN_OWN_POINTS || Number.isNaN(this.levelBefore)) return expected;
    const sloped = this.#distance(value, time, this.regime.slope);
    return Math.abs(sloped) < Math.abs(expected) ? sloped : expected;
  }

  /** Whether a point that is so far away from the line does not belong to it. */
  isForeign(deviation: number): boolean {
    if (this.#noise.points < MIN_KNOWN_POINTS) return false;
    this.#judge();
    const noise = Math.max(this.#noise.variance, this.variance);
    return Math.abs(deviation) > FOREIGN_DEVIATIONS * Math.sqrt(noise) + NEGLIGIBLE;
  }

  #distance(value: number, time: number, slope: number): number {
    return (value - this.regime.valueAt(time, slope)) / this.regime.predictionError(time, slope !== 0);
  }

  get #inheritedSlope(): number {
    return this.regime.count < MIN_OWN_POINTS ? this.earlierSlope : 0;
  }

  #judge(): void {
    if (this.isCurrent === 1) return;
    this.isCurrent = 1;
    this.variance = this.regime.noise(this.#expectedNoise);
    this.slopeError = this.regime.slopeError(this.variance);
    this.hasClearSlope = this.#isClear(Math.abs(this.regime.slope)) ? 1 : 0;
  }

  #isClear(slope: number): boolean {
    const error = this.slopeError * (this.isDrift === 1 ? this.#noise.persistence : 1);
    const { count } = this.regime;
    if (count >= 3) return slope >= CLEAR_SLOPE_ERRORS * error;
    const isJump = slope >= JUMP_DEVIATIONS * this.#noise.deviation;
    return count === 2 && !isJump && slope >= CLEAR_SLOPE_ERRORS_OF_TWO * error;
  }

  get #expectedNoise(): number {
    const { levelBefore } = this;
    const { variance } = this.#noise;
    if (Number.isNaN(levelBefore)) return variance;
    const ofMove = (NOISE_OF_MOVE * (this.regime.valueAt(this.regime.start, 0) - levelBefore)) ** 2;
    const most = variance > NEGLIGIBLE ? MAX_NOISE_GROWTH * variance : ofMove;
    return variance + Math.min(ofMove, most);
  }
}
