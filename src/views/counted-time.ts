import type { SavedSelection } from "./saved-selection.ts";

type Saved = Pick<SavedSelection, "countedSince" | "hasCounted">;

/** For how long the counts of a selection are known. */
export class CountedTime {
  /**
   * Since when they are known (epoch milliseconds), if that is the first reading of a total;
   * `undefined`: since the start of the process.
   */
  #since: number | undefined;
  #hasCounted = false;

  /** Whether something was counted in a time that is known. */
  get hasBegun(): boolean {
    return this.#hasCounted;
  }

  /** A count whose time is known. */
  counts(): void {
    this.#hasCounted = true;
  }

  /** The first reading of a total. */
  begins(now: number): void {
    if (!this.#hasCounted) this.#since ??= now;
  }

  /** For how many seconds of the covered time the counts are known, now or later. */
  seconds(lastHeardAt: number, coveredSeconds: number, later = 0): number {
    if (this.#since === undefined) return coveredSeconds;
    const known = (lastHeardAt - this.#since) / 1000;
    return known > 0 ? Math.min(known + later, coveredSeconds) : coveredSeconds;
  }

  saved(): Saved {
    const since = this.#since;
    return { ...(since === undefined ? {} : { countedSince: since }), hasCounted: this.#hasCounted };
  }

  restore({ countedSince, hasCounted }: { countedSince?: number | undefined; hasCounted: boolean }): void {
    this.#since = countedSince;
    this.#hasCounted = hasCounted;
  }
}
