/**
 * Weighted median of a fixed number of values: the smallest value at which half of the total weight
 * is reached. Weights are not negative, and at least one is positive.
 *
 * It keeps the sort order of the last call, so that similar values take linear time. Meant for a
 * dozen values, thousands of times. https://en.wikipedia.org/wiki/Weighted_median
 */
export class WeightedMedian {
  readonly #order: Int32Array;

  constructor(size: number) {
    this.#order = Int32Array.from({ length: size }, (_, index) => index);
  }

  /** @param first The index of the first of the values. */
  of(values: Float64Array, weights: Float64Array, first = 0): number {
    const order = this.#order;
    const size = order.length;
    let total = 0;
    for (let position = 0; position < size; position++) {
      const index = order[position] as number;
      const value = values[first + index] as number;
      let place = position;
      while (place > 0 && (values[first + (order[place - 1] as number)] as number) > value) {
        order[place] = order[place - 1] as number;
        place--;
      }
      order[place] = index;
      total += weights[index] as number;
    }
    const half = total / 2;
    let reached = 0;
    for (let position = 0; position < size; position++) {
      const index = order[position] as number;
      reached += weights[index] as number;
      if (reached >= half) return values[first + index] as number;
    }
    return values[first + (order[size - 1] as number)] as number;
  }
}
