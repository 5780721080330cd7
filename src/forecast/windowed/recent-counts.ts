import type { Counts } from "../../core/windowed-number.ts";
import type { Way } from "./coming-part.ts";
import type { SavedRecent } from "./saved-windowed.ts";

/** The half-lives of the rates, in lengths of the window. */
const RATES_BY_HALF_LIFE: readonly (Way & { readonly windows: number })[] = [
  { windows: 0.125, name: "recent rate", assumedError: 1.2 },
  { windows: 0.25, name: "recent rate", assumedError: 1.1 },
  { windows: 0.5, name: "recent rate", assumedError: 1 },
  { windows: 1, name: "usual rate", assumedError: 0.9 },
  { windows: 2, name: "usual rate", assumedError: 0.85 },
  { windows: 4, name: "usual rate", assumedError: 0.85 },
  { windows: 16, name: "long-run rate", assumedError: 0.85 },
  { windows: Number.POSITIVE_INFINITY, name: "long-run rate", assumedError: 0.85 },
];

/** The rates, quickest first. */
export const ratesByName: readonly Way[] = RATES_BY_HALF_LIFE;
export const RATES = RATES_BY_HALF_LIFE.length;

/**
 * What was counted, with weights that halve at several speeds: exponentially weighted rates, from
 * quick ones to the mean since the start. A number takes O(1) and is not stored.
 */
export class RecentCounts {
  readonly #windowSeconds: number;
  /** For each rate the parts, then the wholes, then the seconds: three arrays would take twice the memory. */
  readonly #numbers = new Float64Array(3 * RATES);

  constructor(windowSeconds: number) {
    this.#windowSeconds = windowSeconds;
  }

  /** Adds what was counted within the last `seconds`. */
  add({ part, whole }: Counts, seconds: number): void {
    for (const [rate, { windows }] of RATES_BY_HALF_LIFE.entries()) {
      const kept = 0.5 ** (seconds / (this.#windowSeconds * windows));
      this.#add(rate, kept, part);
      this.#add(RATES + rate, kept, whole);
      this.#add(2 * RATES + rate, kept, seconds);
    }
  }

  saved(): SavedRecent {
    const numbersFrom = (first: number): Float64Array => this.#numbers.slice(first, first + RATES);
    return { parts: numbersFrom(0), wholes: numbersFrom(RATES), seconds: numbersFrom(2 * RATES) };
  }

  /** @throws RangeError when the numbers are those of other rates. */
  restore({ parts, wholes, seconds }: SavedRecent): void {
    for (const [index, saved] of [parts, wholes, seconds].entries())
      this.#numbers.subarray(index * RATES, (index + 1) * RATES).set(saved);
  }

  part(rate: number): number {
    return this.#numbers[rate] as number;
  }

  whole(rate: number): number {
    return this.#numbers[RATES + rate] as number;
  }

  /** The length of the time that the rate remembers. */
  seconds(rate: number): number {
    return this.#numbers[2 * RATES + rate] as number;
  }

  #add(index: number, kept: number, more: number): void {
    this.#numbers[index] = (this.#numbers[index] as number) * kept + more;
  }
}
