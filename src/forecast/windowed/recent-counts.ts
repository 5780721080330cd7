import type { Counts } from "../../core/windowed-number.ts";
import type { LentRow } from "../../math/lent-row.ts";
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
  /** For each rate the parts, then the wholes, then the seconds. */
  static readonly width = 3 * RATES;
  readonly #windowSeconds: number;
  readonly #row: LentRow;
  readonly #from: number;

  /** @param from where its numbers are in the row. */
  constructor(windowSeconds: number, row: LentRow, from: number) {
    this.#windowSeconds = windowSeconds;
    this.#row = row;
    this.#from = from;
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
    const numbersFrom = (first: number): Float64Array =>
      this.#row.slice(this.#from + first, this.#from + first + RATES);
    return { parts: numbersFrom(0), wholes: numbersFrom(RATES), seconds: numbersFrom(2 * RATES) };
  }

  /** @throws RangeError when the numbers are those of other rates. */
  restore({ parts, wholes, seconds }: SavedRecent): void {
    const saved = [parts, wholes, seconds];
    if (saved.some(({ length }) => length > RATES)) throw new RangeError("other rates");
    for (const [index, numbers] of saved.entries()) this.#row.set(numbers, this.#from + index * RATES);
  }

  part(rate: number): number {
    return this.#row.at(this.#from + rate);
  }

  whole(rate: number): number {
    return this.#row.at(this.#from + RATES + rate);
  }

  /** The length of the time that the rate remembers. */
  seconds(rate: number): number {
    return this.#row.at(this.#from + 2 * RATES + rate);
  }

  #add(index: number, kept: number, more: number): void {
    this.#row.put(this.#from + index, this.#row.at(this.#from + index) * kept + more);
  }
}
