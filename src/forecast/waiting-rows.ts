const FIRST_CAPACITY = 4;
const NO_NUMBERS = new Float64Array(0);

/**
 * A queue of rows of numbers that wait for a time, oldest first. The first number of a row is this
 * time. At most `capacity` rows wait: a new one replaces the oldest. Stored as bare numbers, because
 * a series may have dozens.
 */
export class WaitingRows {
  readonly #capacity: number;
  readonly #width: number;
  /** Empty until the first row: a young series forecasts nothing. */
  #numbers = NO_NUMBERS;
  #first = 0;
  #length = 0;

  constructor(capacity: number, width: number) {
    this.#capacity = capacity;
    this.#width = width;
  }

  get length(): number {
    return this.#length;
  }

  /** The time of the oldest row; `undefined` when no row waits. */
  get nextAt(): number | undefined {
    return this.#length === 0 ? undefined : this.#numbers[this.#first * this.#width];
  }

  /** The next row, to be filled with numbers. */
  add(): Float64Array {
    if (this.#length === this.#capacity) this.#removeFirst();
    if (this.#length === this.#rows) this.#grow();
    this.#length += 1;
    return this.#rowAt(this.#length - 1);
  }

  /** Removes and returns the oldest row; valid until the next `add()`. */
  take(): Float64Array | undefined {
    if (this.#length === 0) return undefined;
    const row = this.#rowAt(0);
    this.#removeFirst();
    return row;
  }

  /** Removes and returns the oldest row whose time has come; valid until the next `add()`. */
  takeDue(at: number): Float64Array | undefined {
    return (this.nextAt ?? Number.POSITIVE_INFINITY) <= at ? this.take() : undefined;
  }

  /** Moves the times of all rows, after the clock was set. */
  shiftTimes(millis: number): void {
    for (let index = 0; index < this.#length; index += 1) {
      const row = this.#rowAt(index);
      row[0] = (row[0] as number) + millis;
    }
  }

  /** The numbers of all rows, oldest first. */
  saved(): Float64Array {
    const saved = new Float64Array(this.#length * this.#width);
    for (let index = 0; index < this.#length; index += 1) saved.set(this.#rowAt(index), index * this.#width);
    return saved;
  }

  /** Adds the rows that were saved. */
  restore(saved: Float64Array): void {
    for (let from = 0; from + this.#width <= saved.length; from += this.#width)
      this.add().set(saved.subarray(from, from + this.#width));
  }

  get #rows(): number {
    return this.#numbers.length / this.#width;
  }

  #rowAt(index: number): Float64Array {
    const start = ((this.#first + index) % this.#rows) * this.#width;
    return this.#numbers.subarray(start, start + this.#width);
  }

  #removeFirst(): void {
    this.#first = (this.#first + 1) % this.#rows;
    this.#length -= 1;
  }

  #grow(): void {
    const grown = new Float64Array(Math.min(this.#rows * 2 || FIRST_CAPACITY, this.#capacity) * this.#width);
    grown.set(this.saved());
    this.#numbers = grown;
    this.#first = 0;
  }
}
