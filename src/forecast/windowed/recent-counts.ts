import type { Counts } from "../../core/windowed-number.ts";

/** Half-lives of the rates, in lengths of the window. The last one never forgets. */
const HALF_LIVES = [0.125, 0.25, 0.5, 1, 2, 4, 16, Number.POSITIVE_INFINITY];

/** How many rates there are. */
export const RATES = HALF_LIVES.length;

/** How a rate is named: what its half-life is called. */
export function rateName(rate: number): string {
  const halfLife = HALF_LIVES[rate] as number;
  if (halfLife === Number.POSITIVE_INFINITY) return "long-run rate";
  return halfLife < 1 ? "recent rate" : "usual rate";
}

/**
 * What was counted, with weights that halve at several speeds: exponentially weighted rates, from
 * quick ones to the mean since the start. A number takes O(1) and is not stored.
 */
export class RecentCounts {
  readonly #windowSeconds: number;
  readonly #parts = new Float64Array(RATES);
  readonly #wholes = new Float64Array(RATES);
  readonly #seconds = new Float64Array(RATES);

  constructor(windowSeconds: number) {
    this.#windowSeconds = windowSeconds;
  }

  /** Adds what was counted within the last `seconds`. */
  add({ part, whole }: Counts, seconds: number): void {
    for (let rate = 0; rate < RATES; rate += 1) {
      const kept = 0.5 ** (seconds / (this.#windowSeconds * (HALF_LIVES[rate] as number)));
      this.#parts[rate] = (this.#parts[rate] as number) * kept + part;
      this.#wholes[rate] = (this.#wholes[rate] as number) * kept + whole;
      this.#seconds[rate] = (this.#seconds[rate] as number) * kept + seconds;
    }
  }

  part(rate: number): number {
    return this.#parts[rate] as number;
  }

  whole(rate: number): number {
    return this.#wholes[rate] as number;
  }

  /** The length of the time that the rate remembers. */
  seconds(rate: number): number {
    return this.#seconds[rate] as number;
  }
}
