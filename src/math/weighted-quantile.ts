/** Ascending numbers, and the weight of each. */
export interface Weighted {
  readonly values: Float64Array;
  readonly weights: Float64Array;
}

/** Numbers in ascending order, with their weights. */
export function ascending(values: Float64Array, weights: Float64Array): Weighted {
  const sorted = values.slice().sort();
  const taken = new Int32Array(values.length);
  const moved = new Float64Array(values.length);
  for (let index = 0; index < values.length; index++) {
    const first = positionIn(sorted, values[index] as number);
    moved[first + (taken[first] as number)] = weights[index] as number;
    (taken[first] as number)++;
  }
  return { values: sorted, weights: moved };
}

/**
 * Weighted quantile of ascending values, interpolated linearly. Each value stands in the middle of
 * its own weight (Hazen's rule, type 5 in R, when weights are equal). Before the first value and
 * beyond the last it is that value; without values it is `NaN`.
 * https://en.wikipedia.org/wiki/Percentile#The_weighted_percentile_method
 */
export function weightedQuantile({ values, weights }: Weighted, share: number): number {
  let total = 0;
  for (let index = 0; index < weights.length; index++) total += weights[index] as number;
  const wanted = share * total;
  let reached = 0;
  let before = Number.NaN;
  let middleBefore = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    const weight = weights[index] as number;
    const middle = reached + weight / 2;
    if (middle >= wanted) {
      if (index === 0) return value;
      return before + ((value - before) * (wanted - middleBefore)) / (middle - middleBefore);
    }
    before = value;
    middleBefore = middle;
    reached += weight;
  }
  return before;
}

/** Index of the first of ascending numbers that is not below `value`. */
function positionIn(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
