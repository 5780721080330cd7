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
  readonly #parts = new Float64Array(RATES);
  readonly #wholes = new Float64Array(RATES);
  readonly #seconds = new Float64Array(RATES);

  constructor(windowSeconds: number) {
    this.#windowSeconds = windowSeconds;
  }

  /** Adds what was counted within the last `seconds`. */
  add({ part, whole }: Counts, seconds: number): void {
    for (const [rate, { windows }] of RATES_BY_HALF_LIFE.entries()) {
      const kept = 0.5 ** (seconds / (this.#windowSeconds * windows));
      this.#parts[rate] = (this.#parts[rate] as number) * kept + part;
      this.#wholes[rate] = (this.#wholes[rate] as number) * kept + whole;
      this.#seconds[rate] = (this.#seconds[rate] as number) * kept + seconds;
    }
  }

  saved(): SavedRecent {
    return { parts: this.#parts.slice(), wholes: this.#wholes.slice(), seconds: this.#seconds.slice() };
  }

  /** @throws RangeError when the numbers are those of other rates. */
  restore({ parts, wholes, seconds }: SavedRecent): void {
    this.#parts.set(parts);
    this.#wholes.set(wholes);
    this.#seconds.set(seconds);
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
