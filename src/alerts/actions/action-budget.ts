const HOUR = 3_600_000;

/** So many takings in any hour, and no more. In memory bounded by that number. */
export class ActionBudget {
  readonly #perHour: number;
  #taken: number[] = [];

  constructor(perHour: number) {
    if (!Number.isInteger(perHour) || perHour < 0) {
      throw new RangeError(`perHour: expected a whole number from 0 up, got ${perHour}`);
    }
    this.#perHour = perHour;
  }

  /** Takes one at `now` (epoch milliseconds); false when the hour before it is used up. */
  take(now: number): boolean {
    this.#taken = this.#taken.filter((at) => now - at < HOUR);
    if (this.#taken.length >= this.#perHour) return false;
    this.#taken.push(now);
    return true;
  }
}
