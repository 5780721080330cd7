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
 * Makes of a total that starts from 0 at every midnight one that never falls, which can be forecast. Where it falls within the day, it was
 * started anew, or put right by a little, or is the mean of a slot in which that happened: what was used before stays used.
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
    if (isAnotherDay) this.#startAnew();
    else if (value < this.#last) this.#holdOn(value);
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
  #startAnew(): void {
    if (Number.isNaN(this.#last)) return;
    this.#before += this.#last + this.#lastUsed / 2;
    this.#lastUsed = 0;
  }

  /** What was used in a slot in which the total fell lies within the value; no more than in the slot before, it is assumed. */
  #holdOn(value: number): void {
    this.#lastUsed = Math.max(0, Math.min(value, this.#lastUsed));
    this.#before += this.#last + this.#lastUsed - value;
  }
}
