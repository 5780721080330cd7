/**
 * Median of the last `size` numbers. A push takes a binary search and one move within `size`
 * numbers.
 */
export class RollingMedian {
  readonly #arrived: Float64Array;
  readonly #sorted: Float64Array;
  #count = 0;
  #next = 0;

  constructor(size: number) {
    this.#arrived = new Float64Array(size);
    this.#sorted = new Float64Array(size);
  }

  /** Adds a number, which must not be `NaN`. */
  push(value: number): void {
    const size = this.#arrived.length;
    const isFull = this.#count === size;
    const hole = isFull ? this.#positionOf(this.#arrived[this.#next] as number) : this.#count++;
    this.#fill(hole, value);
    this.#arrived[this.#next] = value;
    this.#next = this.#next + 1 === size ? 0 : this.#next + 1;
  }

  /** The median. For an even count it is the mean of the middle two; for none it is `NaN`. */
  get median(): number {
    const count = this.#count;
    const middle = count >> 1;
    const upper = this.#sorted[middle] as number;
    if (count === 0) return Number.NaN;
    return count % 2 === 1 ? upper : ((this.#sorted[middle - 1] as number) + upper) / 2;
  }

  /**
   * Shifts the sorted numbers between a hole and the position of a value by one, and inserts the
   * value.
   */
  #fill(hole: number, value: number): void {
    const sorted = this.#sorted;
    let place = hole;
    while (place > 0 && (sorted[place - 1] as number) > value) {
      sorted[place] = sorted[place - 1] as number;
      place--;
    }
    while (place + 1 < this.#count && (sorted[place + 1] as number) < value) {
      sorted[place] = sorted[place + 1] as number;
      place++;
    }
    sorted[place] = value;
  }

  /** Index of the first sorted number that is not below `value`. */
  #positionOf(value: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
