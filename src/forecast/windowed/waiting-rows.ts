/**
 * Rows of numbers that wait for a time, oldest first. The first number of a row is this time. The
 * oldest row makes room for a new one.
 */
export class WaitingRows {
  readonly #numbers: Float64Array;
  readonly #width: number;
  readonly #rows: number;
  #first = 0;
  #count = 0;

  constructor(rows: number, width: number) {
    this.#rows = rows;
    this.#width = width;
    this.#numbers = new Float64Array(rows * width);
  }

  /** The next row, to be filled with numbers. */
  add(): Float64Array {
    if (this.#count === this.#rows) this.#removeFirst();
    this.#count += 1;
    return this.#rowAt(this.#count - 1);
  }

  /** Removes and returns the oldest row whose time has come; valid until the next `add()`. */
  takeDue(at: number): Float64Array | undefined {
    if (this.#count === 0) return undefined;
    const row = this.#rowAt(0);
    if ((row[0] as number) > at) return undefined;
    this.#removeFirst();
    return row;
  }

  /** Moves the times of all rows, after the clock was set. */
  shiftTimes(millis: number): void {
    for (let index = 0; index < this.#count; index += 1) {
      const row = this.#rowAt(index);
      row[0] = (row[0] as number) + millis;
    }
  }

  saved(): Float64Array {
    const saved = new Float64Array(this.#count * this.#width);
    for (let index = 0; index < this.#count; index += 1) saved.set(this.#rowAt(index), index * this.#width);
    return saved;
  }

  /** @throws RangeError when there are more numbers than fit. */
  restore(saved: Float64Array): void {
    this.#numbers.set(saved);
    this.#first = 0;
    this.#count = Math.floor(saved.length / this.#width);
  }

  #rowAt(index: number): Float64Array {
    const start = ((this.#first + index) % this.#rows) * this.#width;
    return this.#numbers.subarray(start, start + this.#width);
  }

  #removeFirst(): void {
    this.#first = (this.#first + 1) % this.#rows;
    this.#count -= 1;
  }
}
