import { numberRow } from "../../math/number-row.ts";
import type { FarPoint } from "./outlier.ts";
import { RegimePoints } from "./regime-points.ts";

/** Points that a move is recognised from. */
const MIN_POINTS = 3;
/** A slope counts from this many standard errors on. */
const CLEAR_SLOPE_ERRORS = 2;
/** A move goes on while the newest value is beyond this share of the way to the furthest one. */
const SHARE_OF_WAY = 0.6;

/** A move is strong from this many points and this many standard errors of its slope on. */
const MIN_STRONG_POINTS = 5;
const STRONG_SLOPE_ERRORS = 4;

/** The line of a move. */
export interface MoveLine {
  /** The slope, in values a step, and its standard error. */
  readonly slope: number;
  readonly error: number;
  /** The level of the line at the newest point. */
  readonly level: number;
  readonly points: number;
  /** Whether it is clear enough to be forecast. */
  readonly isStrong: boolean;
}

/**
 * All points since a series left its level, whether they are one regime or several; none before
 * `begin`. A queue that begins to grow looks like several jumps at first, because its noise grows too.
 */
export class SustainedMove extends numberRow(["levelBefore", "time", "last", "furthest"], RegimePoints) {
  readonly #points = this.part(new RegimePoints());

  get isEmpty(): boolean {
    return this.#points.isEmpty;
  }

  /** Forgets all points, and takes the first. */
  begin(levelBefore: number, { time, value }: FarPoint): this {
    this.levelBefore = levelBefore;
    this.#points.begin(time, value);
    this.time = time;
    this.last = value;
    this.furthest = value;
    return this;
  }

  take(time: number, value: number): void {
    this.#points.add(time, value);
    this.time = time;
    this.last = value;
    if (this.#distance(value) > this.#distance(this.furthest)) this.furthest = value;
  }

  /**
   * The line, if the series goes on to move away from its former level.
   *
   * @param noise The variance of the series before.
   */
  lineBeside(noise: number): MoveLine | undefined {
    const { count, slope } = this.#points;
    const error = this.#points.slopeError(this.#points.noise(noise));
    const isAway =
      slope * (this.last - this.levelBefore) > 0 &&
      this.#distance(this.last) >= SHARE_OF_WAY * this.#distance(this.furthest);
    if (count < MIN_POINTS || !isAway || Math.abs(slope) < CLEAR_SLOPE_ERRORS * error) return undefined;
    const isStrong = count >= MIN_STRONG_POINTS && Math.abs(slope) >= STRONG_SLOPE_ERRORS * error;
    return { slope, error, level: this.#points.valueAt(this.time, slope), points: count, isStrong };
  }

  #distance(value: number): number {
    return Math.abs(value - this.levelBefore);
  }
}
