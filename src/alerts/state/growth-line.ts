/** A straight line through the newest values of a series, at its newest value. */
export interface LineEnd {
  /** The height of the line now. */
  readonly height: number;
  readonly perSecond: number;
  /** The standard deviation of the values around the line. */
  readonly deviation: number;
  /** The share of the variance that the line explains, 0..1. */
  readonly explained: number;
}

/**
 * A least-squares line through all values since it began, in which a value weighs in proportion to
 * its number: the newest counts most, so the line follows growth that becomes faster. O(1) in time
 * and memory.
 */
export class GrowthLine {
  #count = 0;
  #weight = 0;
  #meanSeconds = 0;
  #meanValue = 0;
  #squaredSeconds = 0;
  #products = 0;
  #squaredValues = 0;
  #lastSeconds = 0;

  get count(): number {
    return this.#count;
  }

  /** Adds a value, `seconds` after the line began. Times must be ascending. */
  add(seconds: number, value: number): void {
    this.#count++;
    const kept = 1 - 1 / this.#count;
    this.#weight = this.#weight * kept + 1;
    const away = seconds - this.#meanSeconds;
    const difference = value - this.#meanValue;
    this.#meanSeconds += away / this.#weight;
    this.#meanValue += difference / this.#weight;
    this.#squaredSeconds = this.#squaredSeconds * kept + away * (seconds - this.#meanSeconds);
    this.#products = this.#products * kept + away * (value - this.#meanValue);
    this.#squaredValues = this.#squaredValues * kept + difference * (value - this.#meanValue);
    this.#lastSeconds = seconds;
  }

  /** The line at the newest value; `undefined` before the third value. */
  get end(): LineEnd | undefined {
    if (this.#count < 3) return undefined;
    const perSecond = this.#products / this.#squaredSeconds;
    const explainedSquares = perSecond * this.#products;
    const unexplained = Math.max(0, this.#squaredValues - explainedSquares);
    return {
      height: this.#meanValue + perSecond * (this.#lastSeconds - this.#meanSeconds),
      perSecond,
      deviation: Math.sqrt(unexplained / Math.max(1, this.#weight - 2)),
      explained: this.#squaredValues > 0 ? Math.min(1, explainedSquares / this.#squaredValues) : 0,
    };
  }
}
