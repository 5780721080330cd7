import { type LocalClock, localTime } from "./local-clock.ts";

const HOUR_MILLIS = 60 * 60 * 1000;
const DAY_MILLIS = 24 * HOUR_MILLIS;
/** More than clocks are ever put forward or back at once. */
const LARGEST_CHANGE_MILLIS = 3 * HOUR_MILLIS;

/** The first midnight after a time in epoch milliseconds, by the local clock; without one, UTC. */
export function midnightAfter(clock: LocalClock | undefined, at: number): number {
  const offset = localTime(clock, at) - at;
  const localMidnight = (Math.floor((at + offset) / DAY_MILLIS) + 1) * DAY_MILLIS;
  const unchanged = localMidnight - offset;
  // Where clocks are changed before then, midnight comes that much sooner or later.
  const changed = localMidnight - (localTime(clock, unchanged) - unchanged);
  // Where they are put forward at midnight itself, the day begins at one.
  return localTime(clock, changed) < localMidnight ? unchanged : changed;
}

/** The last midnight at or before a time; of two, where clocks are put back over midnight, the first. */
export function midnightBefore(clock: LocalClock | undefined, at: number): number {
  const local = localTime(clock, at);
  const sinceMidnight = local - Math.floor(local / DAY_MILLIS) * DAY_MILLIS;
  return midnightAfter(clock, at - sinceMidnight - LARGEST_CHANGE_MILLIS);
}

/**
 * Makes of a total that starts from 0 at every midnight one that never does, which can be forecast. A total that falls within the day
 * has been started anew, as a counter of a process that was restarted.
 */
export class DailyTotal {
  readonly #clock: LocalClock | undefined;
  readonly #halfSlot: number;
  /** What all days before today add up to. */
  #before = 0;
  #last = Number.NaN;
  #lastUsed = 0;
  #nextMidnight = Number.NEGATIVE_INFINITY;

  /** Values are those of slots of `slotMillis`. */
  constructor(clock: LocalClock | undefined, slotMillis: number) {
    this.#clock = clock;
    this.#halfSlot = slotMillis / 2;
  }

  /** The total over all days; `NaN` for a gap. `at`, the middle of the slot, is not before that of the value before. */
  take(value: number, at: number): number {
    if (Number.isNaN(value)) return Number.NaN;
    const isAnotherDay = at >= this.#nextMidnight && !this.#isFromBeforeMidnight(value, at);
    if (isAnotherDay || value < this.#last) this.#startAnew(isAnotherDay);
    else this.#lastUsed = value - this.#last;
    if (at >= this.#nextMidnight) this.#nextMidnight = midnightAfter(this.#clock, at);
    this.#last = value;
    return this.#before + value;
  }

  /** Somewhere in the slot that midnight lies in, a sample was taken: what has not fallen is of the day before. */
  #isFromBeforeMidnight(value: number, at: number): boolean {
    return value >= this.#last && at - this.#halfSlot < this.#nextMidnight;
  }

  /** The middle of a day's last slot is half a slot before midnight: as much was used until then as before, it is assumed. */
  #startAnew(isAnotherDay: boolean): void {
    if (Number.isNaN(this.#last)) return;
    this.#before += this.#last + (isAnotherDay ? this.#lastUsed / 2 : 0);
    this.#lastUsed = 0;
  }
}
