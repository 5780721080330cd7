/**
 * The slices of a sliding window, one a tick. One slice is open from the start; `advance` opens the next one and lets
 * go of the oldest when there are more than `slices`. A slice in which nothing happened is `undefined` and costs nothing.
 */
export class SliceRing<Slice> {
  readonly #slices: (Slice | undefined)[];
  #open = 0;

  /** @param slices how many slices the window is wide, the open one among them */
  constructor(slices: number) {
    if (!Number.isInteger(slices) || slices < 1) {
      throw new RangeError(`slices: expected a whole number of at least 1, got ${slices}`);
    }
    this.#slices = new Array<Slice | undefined>(slices).fill(undefined);
  }

  get open(): Slice | undefined {
    return this.#slices[this.#open];
  }

  set open(slice: Slice | undefined) {
    this.#slices[this.#open] = slice;
  }

  /** Opens the next slice; returns the one that fell out of the window, if anything had happened in it. */
  advance(): Slice | undefined {
    this.#open = (this.#open + 1) % this.#slices.length;
    const dropped = this.#slices[this.#open];
    this.#slices[this.#open] = undefined;
    return dropped;
  }

  /** Forgets what happened. */
  clear(): void {
    this.#slices.fill(undefined);
  }

  /** The slices in which something happened, in no particular order. O(slices). */
  filled(): Slice[] {
    return this.#slices.filter((slice) => slice !== undefined);
  }
}
