import { type Extent, widestOf } from "./histogram-buckets.ts";
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
  /** Parts of the window. Most windows are never asked for one. */
  #parts: Map<number, MergedSlices> | undefined;
  #extents: Map<number, Extent> | undefined;

  constructor(slices: SliceRing<HistogramSlice>) {
    this.#slices = slices;
  }

  /** Whether parts of the window are kept too. */
  get areSeveral(): boolean {
    return this.#parts !== undefined;
  }

  of(count: number): MergedSlices {
    if (count === this.#slices.length) return this.whole;
    this.#parts ??= new Map();
    let merged = this.#parts.get(count);
    if (merged !== undefined) return merged;
    merged = new MergedSlices();
    for (const slice of this.#slices.newest(count)) merged.add(slice);
    this.#parts.set(count, merged);
    if (this.#parts.size >= MAX_MERGED) this.#forgetOldest(this.#parts);
    return merged;
  }

  extentOf(count: number): Extent {
    this.#extents ??= new Map();
    let extent = this.#extents.get(count);
    if (extent !== undefined) return extent;
    extent = widestOf(this.#slices.newest(count));
    this.#extents.set(count, extent);
    return extent;
  }

  /** Adds to the open slice. */
  add(slice: HistogramSlice): void {
    this.whole.add(slice);
    if (this.#parts === undefined) return;
    for (const merged of this.#parts.values()) merged.add(slice);
  }

  /** Subtracts the slices that leave when the next slice is opened. */
  beforeAdvance(): void {
    this.#subtractOldest(this.#slices.length, this.whole);
    if (this.#parts === undefined) return;
    for (const [count, merged] of this.#parts) this.#subtractOldest(count, merged);
  }

  /** The slices have changed. */
  changed(): void {
    this.#extents?.clear();
  }

  /** The window was emptied. */
  clear(): void {
    this.whole.clear();
    for (const merged of this.#parts?.values() ?? []) merged.clear();
  }

  #subtractOldest(count: number, merged: MergedSlices): void {
    const leaving = this.#slices.ofAge(count - 1);
    if (leaving !== undefined) merged.subtract(leaving, () => this.#slices.newest(count - 1));
  }

  #forgetOldest(parts: Map<number, MergedSlices>): void {
    for (const count of parts.keys()) {
      parts.delete(count);
      return;
    }
  }
}
