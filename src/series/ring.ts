const FIRST_CAPACITY = 16;

/**
 * A ring buffer of the last `capacity` numbers, which may be `NaN`. It doubles as it fills, so a
 * short series takes little memory. One whose values are all the same takes none: many series never
 * move. A full one takes `4 * capacity` bytes while single precision loses nothing of its values, as of
 * counts, and then `8 * capacity`.
 */
export class Ring {
  readonly capacity: number;
  /** One number while all values are that number. */
  #values: Float32Array | Float64Array | number = Number.NaN;
  #oldest = 0;
  #length = 0;
  #known = 0;

  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) {
      throw new RangeError(`capacity: expected a whole number of at least 1, got ${capacity}`);
    }
    this.capacity = capacity;
  }

  /** How many of the values are not `NaN`. */
  get known(): number {
    return this.#known;
  }

  /** The bytes that its values take. */
  get allocatedBytes(): number {
    return typeof this.#values === "number" ? 0 : this.#values.byteLength;
  }

  /** Appends a value. When the ring is full, the oldest value is dropped. Amortised O(1). */
  push(value: number): void {
    if (this.#length === 0) this.#values = value;
    if (Object.is(this.#values, value)) {
      this.#length = Math.min(this.capacity, this.#length + 1);
      if (!Number.isNaN(value)) this.#known = this.#length;
      return;
    }
    const values = this.#roomFor(value);
    const end = (this.#oldest + this.#length) % values.length;
    if (this.#length < values.length) {
      this.#length++;
    } else {
      if (!Number.isNaN(values[end])) this.#known--;
      this.#oldest = (this.#oldest + 1) % values.length;
    }
    values[end] = value;
    if (!Number.isNaN(value)) this.#known++;
  }

  /** The value that so many newer ones have followed; `NaN` if there is none. */
  before(newer: number): number {
    const values = this.#values;
    if (newer >= this.#length) return Number.NaN;
    if (typeof values === "number") return values;
    return values[(this.#oldest + this.#length - 1 - newer) % values.length] as number;
  }

  /**
   * A copy of the newest `count` values, oldest first. All values by default.
   *
   * @param newer how many newer ones are left out.
   */
  toArray(count: number = this.#length, newer = 0): Float64Array {
    const length = Math.max(0, Math.min(count, this.#length - newer));
    const copy = new Float64Array(length);
    if (length === 0) return copy;
    const values = this.#values;
    if (typeof values === "number") return copy.fill(values);
    const first = (this.#oldest + this.#length - newer - length) % values.length;
    const untilWrap = Math.min(length, values.length - first);
    copy.set(values.subarray(first, first + untilWrap));
    copy.set(values.subarray(0, length - untilWrap), untilWrap);
    return copy;
  }

  /** The values, with room for another one unless all is taken, in a precision that loses nothing of it. */
  #roomFor(value: number): Float32Array | Float64Array {
    const values = this.#values;
    if (typeof values === "number") return this.#grow(0, needsDouble(values) || needsDouble(value));
    const isDouble = values instanceof Float64Array || needsDouble(value);
    if (this.#length >= values.length && values.length < this.capacity)
      return this.#grow(values.length, isDouble);
    if (!isDouble || values instanceof Float64Array) return values;
    this.#values = new Float64Array(values);
    return this.#values;
  }

  #grow(from: number, isDouble: boolean): Float32Array | Float64Array {
    let size = from || FIRST_CAPACITY;
    while (size <= this.#length) size *= 2;
    const capacity = Math.min(size, this.capacity);
    const grown = isDouble ? new Float64Array(capacity) : new Float32Array(capacity);
    grown.set(this.toArray());
    this.#values = grown;
    this.#oldest = 0;
    return grown;
  }
}

/** Whether a number has more digits than single precision. */
function needsDouble(value: number): boolean {
  return Math.fround(value) !== value && !Number.isNaN(value);
}
