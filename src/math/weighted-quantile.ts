import { ascendingOrder } from "./ascending-order.ts";

/**
 * Weighted quantiles, interpolated linearly. Each value stands in the middle of its own weight
 * (Hazen's rule, type 5 in R, when weights are equal). Before the first value and beyond the last it
 * is that value; without values it is `NaN`. One sort and one pass find all quantiles.
 * https://en.wikipedia.org/wiki/Percentile#The_weighted_percentile_method
 *
 * @param shares From 0 to 1, ascending.
 */
export function weightedQuantiles(
  values: Float64Array,
  weights: Float64Array,
  shares: readonly number[],
): number[] {
  const order = ascendingOrder(values);
  let total = 0;
  for (let position = 0; position < order.length; position++)
    total += weights[order[position] as number] as number;
  let position = 0;
  let reached = 0;
  let before = Number.NaN;
  let middleBefore = 0;
  const middleAt = (at: number): number => reached + (weights[order[at] as number] as number) / 2;
  return shares.map((share) => {
    const wanted = share * total;
    while (position < order.length && middleAt(position) < wanted) {
      middleBefore = middleAt(position);
      before = values[order[position] as number] as number;
      reached += weights[order[position] as number] as number;
      position++;
    }
    if (position === order.length) return before;
    const value = values[order[position] as number] as number;
    if (position === 0) return value;
    return before + ((value - before) * (wanted - middleBefore)) / (middleAt(position) - middleBefore);
  });
}
