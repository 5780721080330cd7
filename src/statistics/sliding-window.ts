import { CompensatedSum } from "../math/compensated-sum.ts";

/** How long a window is. */
export interface WindowOptions {
  /** The number of slices, including the open one. The caller decides how long a slice is. */
  readonly slices: number;
}

function checkedLength({ slices }: WindowOptions): number {
  if (!Number.isInteger(slices) || slices < 1) {
    throw new RangeError(`slices: expected a whole number of at least 1, got ${slices}`);
  }
  return slices;
}

/**
 * The slices of a sliding window. One slice is open from the start. `advance` opens the next one
 * and drops the oldest if there are more than `slices`. An empty slice is `undefined`.
 */
export class SliceRing<Slice> {
  readonly #length: number;
  /** Allocated by the first slice: most counters of most agents stay at 0. */
  #slices: (Slice | undefined)[] | undefined;
  #open = 0;

  /** @throws RangeError if `slices` is not a whole number of at least 1. */
  constructor(options: WindowOptions) {
    this.#length = checkedLength(options);
  }

  get open(): Slice | undefined {
    return this.#slices?.[this.#open];
  }

  set open(slice: Slice | undefined) {
    this.#slices ??= new Array<Slice | undefined>(this.#length).fill(undefined);
    this.#slices[this.#open] = slice;
  }

  /** The number of slices, empty ones included. */
  get length(): number {
    return this.#length;
  }

  /** The slice that was opened `age` slices before the open one. */
  ofAge(age: number): Slice | undefined {
    const length = this.#length;
    return age < length ? this.#slices?.[(this.#open - age + length) % length] : undefined;
  }

  /** Opens the next slice. Returns the slice that left the window, unless it was empty. */
  advance(): Slice | undefined {
    this.#open = (this.#open + 1) % this.#length;
    if (this.#slices === undefined) return undefined;
    const dropped = this.#slices[this.#open];
    this.#slices[this.#open] = undefined;
    return dropped;
  }

  /** Empties every slice. */
  clear(): void {
    this.#slices = undefined;
  }

  /** The newest `count` slices that are not empty, newest first. O(count). */
  newest(count: number): Slice[] {
    const newest: Slice[] = [];
    const slices = this.#slices;
    if (slices === undefined) return newest;
    let place = this.#open;
    for (let age = 0; age < Math.min(count, this.#length); age += 1) {
      const slice = slices[place];
      if (slice !== undefined) newest.push(slice);
      place = place === 0 ? this.#length - 1 : place - 1;
    }
    return newest;
  }

  /** The slices that are not empty, in no particular order. O(slices). */
  filled(): Slice[] {
    return this.#slices?.filter((slice) => slice !== undefined) ?? [];
  }
}

/** An empty slice of a window of sums: so the slices are an array of nothing but plain numbers. */
const EMPTY = Number.NaN;
const UNKNOWN = Number.NaN;

/**
 * A sliding window of sums: how much a counter increased in the last `slices` slices.
 *
 * `add` adds to the open slice; `advance` opens the next slice. When slices have changed, the total
 * is computed from all of them (`CompensatedSum`). So it does not drift and
 * returns to exactly 0. Reading costs O(1) if nothing changes, otherwise O(slices).
 */
export class SumWindow {
  readonly #length: number;
  /**
   * The sums of the slices; `EMPTY` where nothing was added. Allocated by the first sum: most
   * counters of most agents stay at 0.
   */
  #sums: number[] | undefined;
  #open = 0;
  #filled = 0;
  /** `UNKNOWN` after a change. */
  #total = 0;

  constructor(options: WindowOptions) {
    this.#length = checkedLength(options);
  }

  /** Adds to the open slice. A delta that is not finite is ignored: returns `false`. */
  add(delta: number): boolean {
    if (!Number.isFinite(delta)) return false;
    if (delta === 0) return true;
    this.#sums ??= new Array<number>(this.#length).fill(EMPTY);
    const before = this.#sums[this.#open] as number;
    if (Number.isNaN(before)) this.#filled++;
    this.#sums[this.#open] = Number.isNaN(before) ? delta : before + delta;
    this.#total = UNKNOWN;
    return true;
  }

  /** Opens the next slice. Returns whether a slice that was not empty left the window. */
  advance(): boolean {
    this.#open = (this.#open + 1) % this.#length;
    if (this.#sums === undefined || Number.isNaN(this.#sums[this.#open])) return false;
    this.#sums[this.#open] = EMPTY;
    this.#filled--;
    this.#total = UNKNOWN;
    return true;
  }

  /** The slices, from the open one on; `NaN` for an empty one. */
  saved(): Float64Array {
    return Float64Array.from({ length: this.#length }, (_, age) => this.#ofAge(age));
  }

  /** Takes over the slices of a window of the same length. Call it before the first value. */
  restore(slices: Float64Array): void {
    if (slices.length !== this.#length) return;
    for (const slice of slices.toReversed()) {
      this.advance();
      if (!Number.isNaN(slice)) this.add(slice);
    }
  }

  /** Whether nothing was added within the window. */
  get isEmpty(): boolean {
    return this.#filled === 0;
  }

  /** The sum over the window. */
  get total(): number {
    if (Number.isNaN(this.#total)) this.#total = this.#added();
    return this.#total;
  }

  /** The sum over the newest `count` slices, including the open one. O(count). */
  totalOfNewest(count: number): number {
    if (count >= this.#length) return this.total;
    let total = 0;
    for (let age = 0; age < count; age += 1) {
      const slice = this.#ofAge(age);
      if (!Number.isNaN(slice)) total += slice;
    }
    return total;
  }

  #added(): number {
    const total = new CompensatedSum();
    for (const slice of this.#sums ?? []) if (!Number.isNaN(slice)) total.add(slice);
    return total.total;
  }

  /** The sum of the slice that was opened `age` slices before the open one. */
  #ofAge(age: number): number {
    return this.#sums?.[(this.#open - age + this.#length) % this.#length] ?? EMPTY;
  }
}
