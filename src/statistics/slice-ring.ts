/**
 * The slices of a sliding window, one a tick. One slice is open from the start; `advance` opens the next one and lets
 * go of the oldest when there are more than `slices`. A slice in which nothing happened is `undefined` and costs nothing.
 */
export class SliceRing<Slice> {
  readonly #slices: (Slice | undefined)[];
  #open = 0;
  #covered: number;

  /**
   * @param slices how many slices the window is wide, the open one among them
   * @param coveredSlices how many of them have gone by already, the open one among them (at least 1): a series that
   *   first shows up long after its process started has been idle so far, not absent
   */
  constructor(slices: number, coveredSlices = 1) {
    if (!Number.isInteger(slices) || slices < 1) {
      throw new RangeError(`slices: expected a whole number of at least 1, got ${slices}`);
    }
    if (!Number.isInteger(coveredSlices) || coveredSlices < 1) {
      throw new RangeError(`coveredSlices: expected a whole number of at least 1, got ${coveredSlices}`);
    }
    this.#slices = new Array<Slice | undefined>(slices).fill(undefined);
    this.#covered = Math.min(coveredSlices, slices);
  }

  /** Slices that the window covers so far, the open one among them. */
  get covered(): number {
    return this.#covered;
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
    this.#covered = Math.min(this.#covered + 1, this.#slices.length);
    const dropped = this.#slices[this.#open];
    this.#slices[this.#open] = undefined;
    return dropped;
  }

  /** Forgets what happened, not how much time is covered. */
  clear(): void {
    this.#slices.fill(undefined);
  }

  /** The slices in which something happened, in no particular order. O(slices). */
  filled(): Slice[] {
    return this.#slices.filter((slice) => slice !== undefined);
  }
}
