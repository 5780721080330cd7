/**
 * Weighted median of a fixed number of values: the smallest value at which half of the total weight
 * is reached. Weights are not negative, and at least one is positive.
 *
 * It begins at the value that was the median in the last call, or at a given one, and goes from value to
 * value until half of the weight is reached. For similar values these are few steps, and nothing is
 * sorted. Meant for a dozen values, thousands of times. https://en.wikipedia.org/wiki/Weighted_median
 */
export class WeightedMedian {
  readonly #size: number;
  /** The index of the last median. */
  #last = 0;

  constructor(size: number) {
    this.#size = size;
  }

  /** Where the last median was among its values. */
  get last(): number {
    return this.#last;
  }

  /**
   * @param first The index of the first of the values.
   * @param firstWeight That of the first of the weights.
   * @param start Where the median may be among the values. It makes no difference to the median.
   */
  of(values: Float64Array, weights: Float64Array, first = 0, firstWeight = 0, start = this.#last): number {
    this.#last = start;
    let value = values[first + this.#last] as number;
    let total = 0;
    let below = 0;
    let reached = 0;
    for (let index = 0; index < this.#size; index++) {
      const other = values[first + index] as number;
      const weight = weights[firstWeight + index] as number;
      total += weight;
      // A product, because a processor cannot foresee which branch would be taken.
      below += weight * Number(other < value);
      reached += weight * Number(other <= value);
    }
    const half = total / 2;
    while (reached < half) {
      const next = this.#nextAbove(value, values, first);
      if (next === value) return value;
      value = next;
      reached = 0;
      for (let index = 0; index < this.#size; index++)
        reached +=
          (weights[firstWeight + index] as number) * Number((values[first + index] as number) <= value);
    }
    while (below >= half && below > 0) {
      const next = this.#nextBelow(value, values, first);
      if (next === value) return value;
      value = next;
      below = 0;
      for (let index = 0; index < this.#size; index++)
        below += (weights[firstWeight + index] as number) * Number((values[first + index] as number) < value);
    }
    return value;
  }

  #nextAbove(value: number, values: Float64Array, first: number): number {
    let next = Number.POSITIVE_INFINITY;
    for (let index = 0; index < this.#size; index++) {
      const other = values[first + index] as number;
      if (other > value && other < next) {
        next = other;
        this.#last = index;
      }
    }
    return next;
  }

  #nextBelow(value: number, values: Float64Array, first: number): number {
    let next = Number.NEGATIVE_INFINITY;
    for (let index = 0; index < this.#size; index++) {
      const other = values[first + index] as number;
      if (other < value && other > next) {
        next = other;
        this.#last = index;
      }
    }
    return next;
  }
}
