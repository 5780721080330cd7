import { numberRow } from "../../math/number-row.ts";

const FIELDS = [
  /** The position of the oldest forecast, and how many there are. */
  "start",
  "length",
  /** What the times and the values of the forecasts are counted from. */
  "fromAt",
  "fromValue",
  /**
   * How many of the oldest were counted from other values before, and the sum of how far they were from each
   * of these: they were rounded each time.
   */
  "recounted",
  "recountedBy",
] as const;

/** Whole milliseconds up to this distance are exact in single precision. */
const FURTHEST_MILLIS = 2 ** 24;
/** Values are counted from a nearer one when they are this many times their own spread away. */
const FURTHEST_SPREADS = 1000;
/** The rounding of a number of single precision, as a share of it; twice that for safety. */
const ROUNDING = 2 ** -23;

/**
 * A queue of forecasts of which each is a time, in epoch milliseconds, and some values. At most `capacity`
 * of them are kept: a new one replaces the oldest. They have single precision, counted from a time and a
 * value nearby: half the memory, and a rounding far below what values differ by.
 */
export class PackedForecasts extends numberRow(FIELDS) {
  readonly #capacity: number;
  /** The numbers of one forecast: its time, then its values. */
  readonly #each: number;

  constructor(capacity: number, values: number) {
    super(Math.ceil((capacity * (1 + values)) / 2));
    this.#capacity = capacity;
    this.#each = 1 + values;
  }

  get isFull(): boolean {
    return this.length === this.#capacity;
  }

  /** The time of a forecast, by its index from the oldest on. */
  timeAt(index: number): number {
    return this.fromAt + (this.memory.singles[this.#placeOf(index)] as number);
  }

  /** One of its values, by its number. */
  numberAt(index: number, value: number): number {
    return this.fromValue + (this.memory.singles[this.#placeOf(index) + 1 + value] as number);
  }

  /** How far this value of the oldest forecast may be from the given one, because of its precision. */
  roundingOf(value: number): number {
    return ROUNDING * (Math.abs(value - this.fromValue) + (this.recounted > 0 ? this.recountedBy : 0));
  }

  /**
   * Adds a forecast without its values, and returns its index.
   *
   * @param value about what its values are; `spread` how far they differ from each other.
   */
  add(at: number, value: number, spread: number): number {
    if (this.isFull) this.removeOldest();
    if (this.length === 0) this.countFrom(at, value);
    else if (
      Math.abs(at - this.fromAt) >= FURTHEST_MILLIS ||
      Math.abs(value - this.fromValue) > FURTHEST_SPREADS * spread
    )
      this.#recount(at, value);
    return this.append(at);
  }

  put(index: number, value: number, number: number): void {
    this.memory.singles[this.#placeOf(index) + 1 + value] = number - this.fromValue;
  }

  removeOldest(): void {
    this.start = this.start + 1 === this.#capacity ? 0 : this.start + 1;
    this.length -= 1;
    if (this.recounted > 0) this.recounted -= 1;
  }

  /** Moves the times. */
  shiftTimes(millis: number): void {
    this.fromAt += millis;
  }

  /** What the times and the values are counted from, while there is no forecast. */
  protected countFrom(at: number, value: number): void {
    this.fromAt = at;
    this.fromValue = value;
    this.recounted = 0;
  }

  /** Adds a forecast, counted as those before it. Returns its index. */
  protected append(at: number): number {
    this.length += 1;
    this.memory.singles[this.#placeOf(this.length - 1)] = at - this.fromAt;
    return this.length - 1;
  }

  #recount(at: number, value: number): void {
    const { singles } = this.memory;
    const byMillis = this.fromAt - at;
    const byValue = this.fromValue - value;
    const before = this.recounted > 0 ? this.recountedBy : 0;
    let furthest = 0;
    for (let index = 0; index < this.length; index += 1) {
      const place = this.#placeOf(index);
      singles[place] = (singles[place] as number) + byMillis;
      for (let next = place + 1; next < place + this.#each; next += 1) {
        furthest = Math.max(furthest, Math.abs(singles[next] as number));
        singles[next] = (singles[next] as number) + byValue;
      }
    }
    this.countFrom(at, value);
    this.recounted = this.length;
    this.recountedBy = before + furthest;
  }

  /** Where a forecast begins among the numbers of single precision. */
  #placeOf(index: number): number {
    const slot = this.start + index;
    const wrapped = slot < this.#capacity ? slot : slot - this.#capacity;
    return 2 * (this.first + FIELDS.length) + wrapped * this.#each;
  }
}
