const FIRST_CAPACITY = 16;
const NO_VALUES = new Float32Array(0);

/**
 * A ring buffer of the last `capacity` numbers, which may be `NaN`. It doubles as it fills, so a
 * short series takes little memory. One whose values are all the same takes none: many series never
 * move. A full one takes `4 * capacity` bytes while single precision loses nothing of its values, as of
 * counts, and then `8 * capacity`.
 */
export class Ring {
  readonly capacity: number;
  /** Empty while all values are the same. */
  #values: Float32Array | Float64Array = NO_VALUES;
  #same = Number.NaN;
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
    return this.#values.byteLength;
  }

  /** Appends a value. When the ring is full, the oldest value is dropped. Amortised O(1). */
  push(value: number): void {
    if (this.#values === NO_VALUES) {
      if (this.#length === 0) this.#same = value;
      if (Object.is(value, this.#same)) {
        this.#length = Math.min(this.capacity, this.#length + 1);
        if (!Number.isNaN(value)) this.#known = this.#length;
        return;
      }
    }
    if (this.#length >= this.#values.length && this.#values.length < this.capacity) this.#grow();
    if (needsDouble(value) && this.#values instanceof Float32Array)
      this.#values = new Float64Array(this.#values);
    const end = (this.#oldest + this.#length) % this.#values.length;
    if (this.#length < this.#values.length) {
      this.#length++;
    } else {
      if (!Number.isNaN(this.#values[end])) this.#known--;
      this.#oldest = (this.#oldest + 1) % this.#values.length;
    }
    this.#values[end] = value;
    if (!Number.isNaN(value)) this.#known++;
  }

  /** A copy of the newest `count` values, oldest first. All values by default. */
  toArray(count: number = this.#length): Float64Array {
    const length = Math.min(Math.max(0, count), this.#length);
    if (length === 0) return new Float64Array(0);
    if (this.#values === NO_VALUES) return new Float64Array(length).fill(this.#same);
    const copy = new Float64Array(length);
    const first = (this.#oldest + this.#length - length) % this.#values.length;
    const untilWrap = Math.min(length, this.#values.length - first);
    copy.set(this.#values.subarray(first, first + untilWrap));
    copy.set(this.#values.subarray(0, length - untilWrap), untilWrap);
    return copy;
  }

  /** Removes all values and releases the memory. The next value makes it grow anew. */
  clear(): void {
    this.#values = NO_VALUES;
    this.#length = 0;
    this.#known = 0;
  }

  #grow(): void {
    let size = this.#values.length || FIRST_CAPACITY;
    while (size <= this.#length) size *= 2;
    const capacity = Math.min(size, this.capacity);
    const isDouble = this.#values instanceof Float64Array || needsDouble(this.#same);
    const grown = isDouble ? new Float64Array(capacity) : new Float32Array(capacity);
    grown.set(this.toArray());
    this.#values = grown;
    this.#oldest = 0;
  }
}

/** Whether a number has more digits than single precision. */
function needsDouble(value: number): boolean {
  return Math.fround(value) !== value && !Number.isNaN(value);
}
