import { HOUR_MILLIS } from "../../core/durations.ts";
/** A maximum of actions in any hour. Its memory is bounded by the maximum. */
export class ActionBudget {
  readonly #perHour: number;
  #taken: number[] = [];

  constructor(perHour: number) {
    if (!Number.isInteger(perHour) || perHour < 0) {
      throw new RangeError(`perHour: expected a whole number from 0 up, got ${perHour}`);
    }
    this.#perHour = perHour;
  }

  /** Takes one action at `now` (epoch milliseconds). Returns `false` if the maximum is reached. */
  take(now: number): boolean {
    this.#taken = this.#taken.filter((at) => now - at < HOUR_MILLIS);
    if (this.#taken.length >= this.#perHour) return false;
    this.#taken.push(now);
    return true;
  }

  /** Moves the times of actions, after the clock was set. */
  shift(millis: number): void {
    this.#taken = this.#taken.map((at) => at + millis);
  }

  /** The times of the actions of the last hour. */
  get taken(): readonly number[] {
    return this.#taken;
  }

  /** Adds actions of an earlier process. A time in the future is that of a clock that was wrong. */
  restore(taken: readonly number[], now: number): void {
    this.#taken = this.#taken.concat(taken.map((at) => Math.min(at, now)));
  }
}
