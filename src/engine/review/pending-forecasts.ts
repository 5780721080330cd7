import { numberRow } from "../../math/number-row.ts";

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
/** The position of the oldest forecast, and how many there are. The forecasts follow, in a ring. */
const FIELDS = ["first", "length"] as const;

/**
 * A queue of forecasts that wait to be scored, at most `capacity` of them: a new one replaces the
 * oldest.
 */
export class PendingForecasts extends numberRow(FIELDS) {
  readonly #capacity: number;

  constructor(capacity: number) {
    super(capacity * NUMBERS_EACH);
    this.#capacity = capacity;
  }

  /** When the oldest forecast is due; `undefined` when the queue is empty. */
  get nextDueAt(): number | undefined {
    return this.length === 0 ? undefined : this.memory.numbers[this.#placeOf(0)];
  }

  push({ dueAt, predicted, lower, upper, naive }: PendingForecast): void {
    if (this.length === this.#capacity) this.#removeOldest();
    const { numbers } = this.memory;
    const place = this.#placeOf(this.length);
    numbers[place] = dueAt;
    numbers[place + 1] = predicted;
    numbers[place + 2] = lower;
    numbers[place + 3] = upper;
    numbers[place + 4] = naive;
    this.length += 1;
  }

  /** Removes and returns the oldest forecast. */
  shift(): PendingForecast | undefined {
    if (this.length === 0) return undefined;
    const { numbers } = this.memory;
    const place = this.#placeOf(0);
    this.#removeOldest();
    return {
      dueAt: numbers[place] as number,
      predicted: numbers[place + 1] as number,
      lower: numbers[place + 2] as number,
      upper: numbers[place + 3] as number,
      naive: numbers[place + 4] as number,
    };
  }

  /** The numbers of all forecasts, oldest first. */
  saved(): Float64Array {
    const saved = new Float64Array(this.length * NUMBERS_EACH);
    for (let index = 0; index < this.length; index += 1) {
      const place = this.#placeOf(index);
      saved.set(this.memory.numbers.subarray(place, place + NUMBERS_EACH), index * NUMBERS_EACH);
    }
    return saved;
  }

  /** Takes over the newest forecasts of those that were saved. */
  restore(saved: Float64Array): void {
    this.clear();
    const count = Math.min(this.#capacity, Math.floor(saved.length / NUMBERS_EACH));
    const end = Math.floor(saved.length / NUMBERS_EACH) * NUMBERS_EACH;
    this.memory.numbers.set(saved.subarray(end - count * NUMBERS_EACH, end), this.#placeOf(0));
    this.length = count;
  }

  /** Moves the due times. */
  shiftTimes(millis: number): void {
    for (let index = 0; index < this.length; index += 1)
      (this.memory.numbers[this.#placeOf(index)] as number) += millis;
  }

  #placeOf(index: number): number {
    const slot = this.first + index;
    const wrapped = slot < this.#capacity ? slot : slot - this.#capacity;
    return this.offset + FIELDS.length + wrapped * NUMBERS_EACH;
  }

  #removeOldest(): void {
    this.first = this.first + 1 === this.#capacity ? 0 : this.first + 1;
    this.length -= 1;
  }
}

/** A forecast whose time has come. */
export interface PastForecast {
  /** The time that the forecast was for, in epoch milliseconds. */
  readonly dueAt: number;
  readonly predicted: number;
}

const NUMBERS_OF_PAST = 2;

/**
 * The newest forecasts whose time has come, at most `capacity` of them: people compare them with what
 * happened.
 */
export class PastForecasts extends numberRow(FIELDS) {
  readonly #capacity: number;

  constructor(capacity: number) {
    super(capacity * NUMBERS_OF_PAST);
    this.#capacity = capacity;
  }

  push({ dueAt, predicted }: PastForecast): void {
    const isFull = this.length === this.#capacity;
    const place = this.#placeOf(isFull ? 0 : this.length);
    this.memory.numbers[place] = dueAt;
    this.memory.numbers[place + 1] = predicted;
    if (isFull) this.first = this.first + 1 === this.#capacity ? 0 : this.first + 1;
    else this.length += 1;
  }

  /** All of them, oldest first. */
  all(): PastForecast[] {
    const { numbers } = this.memory;
    return Array.from({ length: this.length }, (_, index) => {
      const place = this.#placeOf(index);
      return { dueAt: numbers[place] as number, predicted: numbers[place + 1] as number };
    });
  }

  /** Moves the times. */
  shiftTimes(millis: number): void {
    for (let index = 0; index < this.length; index += 1)
      (this.memory.numbers[this.#placeOf(index)] as number) += millis;
  }

  #placeOf(index: number): number {
    return this.offset + FIELDS.length + ((this.first + index) % this.#capacity) * NUMBERS_OF_PAST;
  }
}
