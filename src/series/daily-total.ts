import { DAY_MILLIS, HOUR_MILLIS } from "../core/durations.ts";
import { type LocalClock, localTime } from "./local-clock.ts";

/** More than any clock change. */
const MAX_CLOCK_CHANGE_MILLIS = 3 * HOUR_MILLIS;

/**
 * The first midnight after a time in epoch milliseconds, by the local clock. Without a clock it is
 * midnight UTC.
 */
export function midnightAfter(clock: LocalClock | undefined, at: number): number {
  const offset = localTime(clock, at) - at;
  const localMidnight = (Math.floor((at + offset) / DAY_MILLIS) + 1) * DAY_MILLIS;
  const unchanged = localMidnight - offset;
  // A clock change before midnight moves midnight by as much.
  const changed = localMidnight - (localTime(clock, unchanged) - unchanged);
  // When clocks are put forward at midnight itself, the day begins at one o'clock.
  return localTime(clock, changed) < localMidnight ? unchanged : changed;
}

/**
 * The last midnight at or before a time. When clocks are put back over midnight there are two, and
 * it is the first.
 */
export function midnightBefore(clock: LocalClock | undefined, at: number): number {
  const local = localTime(clock, at);
  const sinceMidnight = local - Math.floor(local / DAY_MILLIS) * DAY_MILLIS;
  return midnightAfter(clock, at - sinceMidnight - MAX_CLOCK_CHANGE_MILLIS);
}

/**
 * Unwraps a total that starts from 0 at every midnight into one that never falls, which can be
 * forecast.
 *
 * The total may fall within a day: after a restart, after a small correction, or as the mean of a
 * slot in which that happened. What was used before such a fall is kept.
 */
export class DailyTotal {
  readonly #clock: LocalClock | undefined;
  readonly #halfSlot: number;
  /** The sum of all days before today. */
  #before = 0;
  #last = Number.NaN;
  #lastAt = Number.NaN;
  #lastUsed = 0;
  #nextMidnight = Number.NEGATIVE_INFINITY;

  /** `slotMillis` is the length of the slots that the values belong to. */
  constructor(clock: LocalClock | undefined, slotMillis: number) {
    this.#clock = clock;
    this.#halfSlot = slotMillis / 2;
  }

  /**
   * The total over all days; `NaN` for a gap. `at` is the middle of the slot; it must not be before
   * that of the previous value.
   */
  take(value: number, at: number): number {
    if (Number.isNaN(value)) return Number.NaN;
    const isAnotherDay = at >= this.#nextMidnight && !this.#isFromBeforeMidnight(value, at);
    if (isAnotherDay) this.#startDay();
    else if (value < this.#last) this.#recordFall(value);
    else this.#lastUsed = value - this.#last;
    if (at >= this.#nextMidnight) this.#nextMidnight = midnightAfter(this.#clock, at);
    this.#last = value;
    this.#lastAt = at;
    return this.#before + value;
  }

  /**
   * The sample of the slot that contains midnight may be from either day. When the value has not
   * fallen, it is from the day before. When it has not fallen in the slot after it either, no day
   * has begun: the clock was set, and the times of the slots with it.
   */
  #isFromBeforeMidnight(value: number, at: number): boolean {
    if (value < this.#last) return false;
    return at - this.#halfSlot < this.#nextMidnight || at - this.#lastAt < 3 * this.#halfSlot;
  }

  /**
   * The middle of the last slot of a day is half a slot before midnight. The rest is estimated from
   * the slot before.
   */
  #startDay(): void {
    if (Number.isNaN(this.#last)) return;
    this.#before += this.#last + this.#lastUsed / 2;
    this.#lastUsed = 0;
  }

  /**
   * What was used in a slot in which the total fell is not known. It is at most the value; it is
   * estimated from the slot before.
   */
  #recordFall(value: number): void {
    this.#lastUsed = Math.max(0, Math.min(value, this.#lastUsed));
    this.#before += this.#last + this.#lastUsed - value;
  }
}
