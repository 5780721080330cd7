/**
 * Weighted median: the value at which, counted from the least, half of the weight is reached. Weights are not negative and not
 * all 0. Sorts an index of its own by insertion: meant for a dozen values. https://en.wikipedia.org/wiki/Weighted_median
 */
export function weightedMedian(values: Float64Array, weights: Float64Array): number {
  const order: number[] = [];
  let total = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    let place = index;
    while (place > 0 && (values[order[place - 1] as number] as number) > value) {
      order[place] = order[place - 1] as number;
      place--;
    }
    order[place] = index;
    total += weights[index] as number;
  }
  let reached = 0;
  for (const index of order) {
    reached += weights[index] as number;
    if (reached >= total / 2) return values[index] as number;
  }
  return values[order.at(-1) as number] as number;
}
