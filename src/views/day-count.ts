import { DAY_MILLIS, HOUR_MILLIS } from "../core/durations.ts";
import { midnightAfter } from "../series/daily-total.ts";
import type { LocalClock } from "../series/local-clock.ts";

/**
 * A clock that was set back over midnight does not end the day: then it ends after at most two days, of
 * which one may have 25 hours. A clock that is farther back was wrong before.
 */
const LONGEST_MILLIS = 2 * DAY_MILLIS + HOUR_MILLIS;

/** What was counted since midnight. Times are epoch milliseconds. */
export class DayCount {
  readonly #clock: LocalClock | undefined;
  #total = 0;
  #endsAt = Number.NEGATIVE_INFINITY;

  /** @param clock decides when the day ends; without one it ends at midnight UTC. */
  constructor(clock: LocalClock | undefined) {
    this.#clock = clock;
  }

  add(count: number, at: number): void {
    this.#moveTo(at);
    this.#total += count;
  }

  /** Adds what was counted since a time, unless a part of it may be that of the day before. */
  addSince(count: number, since: number, at: number): void {
    if (midnightAfter(this.#clock, since) > at) this.add(count, at);
  }

  /** The count of the day that `at` lies in, so far. */
  totalAt(at: number): number {
    this.#moveTo(at);
    return this.#total;
  }

  saved(): { readonly total: number; readonly endsAt: number } {
    return { total: this.#total, endsAt: this.#endsAt };
  }

  restore({ total, endsAt }: { readonly total: number; readonly endsAt: number }): void {
    this.#total = total;
    this.#endsAt = endsAt;
  }

  #moveTo(at: number): void {
    if (at < this.#endsAt && this.#endsAt - at <= LONGEST_MILLIS) return;
    this.#total = 0;
    this.#endsAt = midnightAfter(this.#clock, at);
  }
}
