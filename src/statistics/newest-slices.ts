import { type Extent, NO_EXTENT, widest } from "./histogram-buckets.ts";
import { type HistogramSlice, MergedSlices } from "./histogram-slices.ts";
import type { SliceRing } from "./sliding-window.ts";

/** The limit of merged buckets that are kept up to date. */
const MAX_MERGED = 8;

/**
 * The merged newest slices of a window, by their number. Only numbers that were asked for are kept,
 * and that of the whole window.
 */
export class NewestSlices {
  /** Those of the whole window. */
  readonly whole = new MergedSlices();
  readonly #slices: SliceRing<HistogramSlice>;
  readonly #byCount = new Map<number, MergedSlices>();
  readonly #extents = new Map<number, Extent>();

  constructor(slices: SliceRing<HistogramSlice>) {
    this.#slices = slices;
    this.#byCount.set(slices.length, this.whole);
  }

  /** Whether parts of the window are kept too. */
  get areSeveral(): boolean {
    return this.#byCount.size > 1;
  }

  of(count: number): MergedSlices {
    let merged = this.#byCount.get(count);
    if (merged !== undefined) return merged;
    merged = new MergedSlices();
    for (const slice of this.#slices.newest(count)) merged.add(slice);
    this.#byCount.set(count, merged);
    if (this.#byCount.size > MAX_MERGED) this.#forgetOneBut(count);
    return merged;
  }

  extentOf(count: number): Extent {
    let extent = this.#extents.get(count);
    if (extent !== undefined) return extent;
    extent = NO_EXTENT;
    for (const slice of this.#slices.newest(count)) extent = widest(extent, slice);
    this.#extents.set(count, extent);
    return extent;
  }

  /** Adds to the open slice. */
  add(slice: HistogramSlice): void {
    for (const merged of this.#byCount.values()) merged.add(slice);
  }

  /** Subtracts the slices that leave when the next slice is opened. */
  beforeAdvance(): void {
    for (const [count, merged] of this.#byCount) {
      const leaving = this.#slices.ofAge(count - 1);
      if (leaving !== undefined) merged.subtract(leaving, () => this.#slices.newest(count - 1));
    }
  }

  /** The slices have changed. */
  changed(): void {
    this.#extents.clear();
  }

  /** The window was emptied. */
  clear(): void {
    for (const merged of this.#byCount.values()) merged.clear();
  }

  #forgetOneBut(count: number): void {
    for (const [other, merged] of this.#byCount) {
      if (other === count || merged === this.whole) continue;
      this.#byCount.delete(other);
      return;
    }
  }
}
