import { medianOfFew } from "../../math/median-of-few.ts";
import { numberRow } from "../../math/number-row.ts";
import type { FittedMethod, Method } from "../method.ts";

/** The number of turns (a peak and the base after it) that are stored. */
const TURNS = 5;
/**
 * A ramp has at least this many points, and has risen by `CLEAR_RISE` times the usual deviation of
 * its steps.
 */
const MIN_RAMP_POINTS = 5;
const CLEAR_RISE = 8;
/** A reset takes back at least this share of the rise. */
const MIN_LOSS = 0.5;
const MIN_WEIGHT = 0.1;
/**
 * The limit of how far one step can move the slope, in usual deviations. It applies after
 * `MIN_KNOWN_STEPS` steps. So one garbage collection does not turn a ramp around.
 */
const MOST_DEVIATIONS = 4;
const MIN_KNOWN_STEPS = 5;

/**
 * For resources that fill and are emptied: memory that leaks until a restart, a queue, a disk. It
 * follows the current ramp up to the usual peak. Beyond that it predicts the middle between the
 * usual peak and the usual base. Before the first reset, a clear ramp continues, and anything else
 * stays flat.
 */
export const sawtooth: Method = {
  name: "sawtooth",
  fit(history) {
    const state = new Sawtooth();
    for (const value of history.values) state.update(value);
    return state;
  },
};

/** The current ramp, and after these fields the newest peaks and then the bases after them. */
const FIELDS = [
  "usualPeak",
  "usualBase",
  "last",
  /** Steps since the last value; more than one after a gap. */
  "since",
  "start",
  "points",
  "changes",
  "slope",
  "deviation",
  "turns",
] as const;

// Scratch: the newest peaks or bases.
const scratch = new Float64Array(TURNS);

/** The state of the sawtooth. */
export class Sawtooth extends numberRow(FIELDS, 2 * TURNS) implements FittedMethod {
  constructor() {
    super();
    this.last = Number.NaN;
    this.start = Number.NaN;
  }

  update(value: number): void {
    this.since += 1;
    if (Number.isNaN(value)) return;
    this.points += 1;
    if (Number.isNaN(this.last)) this.start = value;
    else this.#step(value);
    this.last = value;
    this.since = 0;
  }

  at(steps: number): number {
    const ahead = steps + this.since;
    if (this.turns === 0) return this.#isRamp ? this.last + this.slope * ahead : this.last;
    if (this.slope === 0) return this.last;
    const left = (this.usualPeak - this.last) / this.slope;
    return ahead <= left ? this.last + this.slope * ahead : (this.usualPeak + this.usualBase) / 2;
  }

  takeAll(values: Float64Array, from: number, to: number): void {
    for (let index = from; index < to; index++) this.update(values[index] as number);
  }

  forecastAt(horizons: readonly number[], into: Float64Array): void {
    for (let column = 0; column < horizons.length; column++)
      into[column] = this.at(horizons[column] as number);
  }

  get #isRamp(): boolean {
    return this.points > MIN_RAMP_POINTS && Math.abs(this.last - this.start) > CLEAR_RISE * this.deviation;
  }

  #step(value: number): void {
    const change = value - this.last;
    const gained = this.last - this.start;
    if (this.#isRamp && change * gained < 0 && Math.abs(change) > MIN_LOSS * Math.abs(gained)) {
      this.#turn(value);
      return;
    }
    this.changes += 1;
    const weight = Math.max(MIN_WEIGHT, 1 / this.changes);
    const most = this.changes > MIN_KNOWN_STEPS ? MOST_DEVIATIONS * this.deviation : Number.POSITIVE_INFINITY;
    const away = change / this.since - this.slope;
    const limited = Math.sign(away) * Math.min(Math.abs(away), most);
    this.deviation += weight * (Math.abs(limited) - this.deviation);
    this.slope += weight * limited;
  }

  #turn(base: number): void {
    const peaks = this.first + FIELDS.length;
    const bases = peaks + TURNS;
    this.usualPeak = this.#added(peaks, this.last);
    this.usualBase = this.#added(bases, base);
    this.turns = Math.min(TURNS, this.turns + 1);
    this.start = base;
    this.points = MIN_RAMP_POINTS;
  }

  /** Adds to the newest turns, which begin at an index. Returns their median. */
  #added(first: number, value: number): number {
    const { turns } = this;
    const { numbers } = this.memory;
    if (turns === TURNS) numbers.copyWithin(first, first + 1, first + TURNS);
    const last = first + Math.min(turns, TURNS - 1);
    numbers[last] = value;
    for (let index = first; index <= last; index++) scratch[index - first] = numbers[index] as number;
    return medianOfFew(scratch, last - first + 1);
  }
}
