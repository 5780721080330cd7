import { sum } from "simple-statistics";
import { SliceRing } from "./slice-ring.ts";

/** How wide a window is. */
export interface WindowOptions {
  /** Width in slices, the open one among them. One slice is one tick. */
  readonly slices: number;
}

/**
 * A sliding window of sums: how much of a counter happened in the last `slices` ticks.
 *
 * Each tick: `advance()` (not before the first tick), then `add` what happened, then read. The total is added up anew
 * from the slices (compensated, by `simple-statistics`) whenever they changed, so it does not drift and returns to
 * exactly 0. An idle tick costs O(1), a changed one O(slices).
 */
export class SumWindow {
  readonly #slices: SliceRing<number>;
  #filled = 0;
  #total: number | undefined = 0;

  constructor(options: WindowOptions) {
    this.#slices = new SliceRing(options.slices);
  }

  /** Adds to the open slice. A delta that is not finite is left out and `false` comes back. */
  add(delta: number): boolean {
    if (!Number.isFinite(delta)) return false;
    if (delta === 0) return true;
    const before = this.#slices.open;
    if (before === undefined) this.#filled++;
    this.#slices.open = (before ?? 0) + delta;
    this.#total = undefined;
    return true;
  }

  /** Opens the next slice; true when the total may have changed by what fell out. */
  advance(): boolean {
    if (this.#slices.advance() === undefined) return false;
    this.#filled--;
    this.#total = undefined;
    return true;
  }

  /** True when nothing happened within the window. */
  get isEmpty(): boolean {
    return this.#filled === 0;
  }

  /** The sum over the window. */
  get total(): number {
    this.#total ??= this.isEmpty ? 0 : sum(this.#slices.filled());
    return this.#total;
  }
}
