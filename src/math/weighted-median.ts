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

  /** @param from where the weights of the values begin. */
  of(values: Float64Array, weights: Float64Array, from = 0): number {
    const order = this.#order;
    const size = order.length;
    let total = 0;
    for (let position = 0; position < size; position++) {
      const index = order[position] as number;
      const value = values[index] as number;
      let place = position;
      while (place > 0 && (values[order[place - 1] as number] as number) > value) {
        order[place] = order[place - 1] as number;
        place--;
      }
      order[place] = index;
      total += weights[from + index] as number;
    }
    const half = total / 2;
    let reached = 0;
    for (let position = 0; position < size; position++) {
      const index = order[position] as number;
      reached += weights[from + index] as number;
      if (reached >= half) return values[index] as number;
    }
    return values[order[size - 1] as number] as number;
  }
}
