/**
 * Median of the last `size` numbers that were pushed, of fewer while there are fewer. A push costs a binary search and one move
 * within `size` numbers.
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

  /** Takes the next number, which must not be `NaN`. */
  push(value: number): void {
    const size = this.#arrived.length;
    const isFull = this.#count === size;
    const hole = isFull ? this.#positionOf(this.#arrived[this.#next] as number) : this.#count++;
    this.#fill(hole, value);
    this.#arrived[this.#next] = value;
    this.#next = this.#next + 1 === size ? 0 : this.#next + 1;
  }

  /** The median; of an even count the mean of the middle two; of nothing `NaN`. */
  get median(): number {
    const count = this.#count;
    const middle = count >> 1;
    const upper = this.#sorted[middle] as number;
    if (count === 0) return Number.NaN;
    return count % 2 === 1 ? upper : ((this.#sorted[middle - 1] as number) + upper) / 2;
  }

  /** Moves what lies between a hole and the place of a value by one, towards the hole, and puts the value there. */
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

  /** Index of the first of the sorted numbers that is not below `value`. */
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
