/** What a forecast is scored by. Times are in epoch milliseconds. */
export interface PendingForecast {
  /** The time that the forecast is for. */
  readonly dueAt: number;
  readonly predicted: number;
  readonly lower: number;
  readonly upper: number;
  /** The forecast of naive: the value when the forecast was made. */
  readonly naive: number;
}

const NUMBERS_EACH = 5;
const FIRST_CAPACITY = 4;

/**
 * A queue of forecasts that wait to be scored, at most `capacity` of them: a new one replaces the
 * oldest. Stored as bare numbers, 40 bytes each, because a series may have dozens.
 */
export class PendingForecasts {
  readonly #capacity: number;
  #numbers: Float64Array;
  #first = 0;
  #length = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#numbers = new Float64Array(Math.min(FIRST_CAPACITY, capacity) * NUMBERS_EACH);
  }

  get length(): number {
    return this.#length;
  }

  /** When the oldest forecast is due; `undefined` when the queue is empty. */
  get nextDueAt(): number | undefined {
    return this.#length === 0 ? undefined : this.#numbers[this.#first * NUMBERS_EACH];
  }

  push({ dueAt, predicted, lower, upper, naive }: PendingForecast): void {
    if (this.#length === this.#capacity) this.shift();
    if (this.#length === this.#rows) this.#grow();
    const row = (this.#first + this.#length) % this.#rows;
    this.#numbers.set([dueAt, predicted, lower, upper, naive], row * NUMBERS_EACH);
    this.#length++;
  }

  /** The numbers of all forecasts, oldest first. */
  saved(): Float64Array {
    const { length } = this;
    const numbers = new Float64Array(length * NUMBERS_EACH);
    for (let row = 0; row < length; row += 1) {
      const from = ((this.#first + row) % this.#rows) * NUMBERS_EACH;
      numbers.set(this.#numbers.subarray(from, from + NUMBERS_EACH), row * NUMBERS_EACH);
    }
    return numbers;
  }

  restore(numbers: Float64Array): void {
    for (let from = 0; from + NUMBERS_EACH <= numbers.length; from += NUMBERS_EACH)
      this.push(forecastAt(numbers, from));
  }

  /** Removes and returns the oldest forecast. */
  shift(): PendingForecast | undefined {
    if (this.#length === 0) return undefined;
    const oldest = forecastAt(this.#numbers, this.#first * NUMBERS_EACH);
    this.#first = (this.#first + 1) % this.#rows;
    this.#length--;
    return oldest;
  }

  /** Moves the due times. */
  shiftTimes(millis: number): void {
    for (let index = 0; index < this.#length; index += 1) {
      const start = ((this.#first + index) % this.#rows) * NUMBERS_EACH;
      this.#numbers[start] = (this.#numbers[start] as number) + millis;
    }
  }

  get #rows(): number {
    return this.#numbers.length / NUMBERS_EACH;
  }

  #grow(): void {
    const grown = new Float64Array(Math.min(this.#rows * 2, this.#capacity) * NUMBERS_EACH);
    const start = this.#first * NUMBERS_EACH;
    grown.set(this.#numbers.subarray(start));
    grown.set(this.#numbers.subarray(0, start), this.#numbers.length - start);
    this.#numbers = grown;
    this.#first = 0;
  }
}

function forecastAt(all: Float64Array, start: number): PendingForecast {
  const numbers = all.subarray(start, start + NUMBERS_EACH);
  const [dueAt, predicted, lower, upper, naive] = numbers as unknown as [
    number,
    number,
    number,
    number,
    number,
  ];
  return { dueAt, predicted, lower, upper, naive };
}
