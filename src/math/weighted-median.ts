/**
 * Weighted median of a fixed number of values: the smallest value at which half of the total weight
 * is reached. Weights are not negative, and at least one is positive.
 *
 * It keeps the sort order of the last call, so that similar values take linear time. Meant for a
 * dozen values, thousands of times. https://en.wikipedia.org/wiki/Weighted_median
 */
export class WeightedMedian {
  readonly #order: Int32Array;
  /** The values in that order. */
  readonly #sorted: Float64Array;

  constructor(size: number) {
    this.#order = Int32Array.from({ length: size }, (_, index) => index);
    this.#sorted = new Float64Array(size);
  }

  /**
   * @param first The index of the first of the values.
   * @param firstWeight That of the first of the weights.
   */
  of(values: Float64Array, weights: Float64Array, first = 0, firstWeight = 0): number {
    const order = this.#order;
    const sorted = this.#sorted;
    const size = order.length;
    let total = 0;
    for (let position = 0; position < size; position++) {
      const index = order[position] as number;
      const value = values[first + index] as number;
      let place = position;
      while (place > 0 && (sorted[place - 1] as number) > value) {
        sorted[place] = sorted[place - 1] as number;
        order[place] = order[place - 1] as number;
        place--;
      }
      sorted[place] = value;
      order[place] = index;
      total += weights[firstWeight + index] as number;
    }
    const half = total / 2;
    let reached = 0;
    for (let position = 0; position < size; position++) {
      reached += weights[firstWeight + (order[position] as number)] as number;
      if (reached >= half) return sorted[position] as number;
    }
    return sorted[size - 1] as number;
  }
}
