import { ascendingOrder } from "./ascending-order.ts";

/**
 * Weighted quantiles, interpolated linearly. Each value stands in the middle of its own weight
 * (Hazen's rule, type 5 in R, when weights are equal). Before the first value and beyond the last it
 * is that value; without values it is `NaN`. One sort and one pass find all quantiles.
 * https://en.wikipedia.org/wiki/Percentile#The_weighted_percentile_method
 *
 * @param shares From 0 to 1, ascending.
 * @param quantiles Takes the result.
 */
export function weightedQuantiles(
  values: Float64Array,
  weights: Float64Array,
  shares: readonly number[] | Float64Array,
  quantiles = new Float64Array(shares.length),
): Float64Array {
  const order = ascendingOrder(values);
  let total = 0;
  for (let position = 0; position < order.length; position++)
    total += weights[order[position] as number] as number;
  let position = 0;
  let reached = 0;
  let before = Number.NaN;
  let middleBefore = 0;
  for (let asked = 0; asked < shares.length; asked++) {
    const wanted = (shares[asked] as number) * total;
    let middle = Number.POSITIVE_INFINITY;
    while (position < order.length) {
      const index = order[position] as number;
      middle = reached + (weights[index] as number) / 2;
      if (middle >= wanted) break;
      before = values[index] as number;
      middleBefore = middle;
      reached += weights[index] as number;
      position++;
    }
    if (position === order.length) quantiles[asked] = before;
    else {
      const value = values[order[position] as number] as number;
      const between = ((value - before) * (wanted - middleBefore)) / (middle - middleBefore);
      quantiles[asked] = position === 0 ? value : before + between;
    }
  }
  return quantiles;
}
