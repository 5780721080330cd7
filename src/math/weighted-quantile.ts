/** A number and its weight. */
export interface Weighted {
  readonly value: number;
  readonly weight: number;
}

/**
 * Weighted quantile of ascending values, interpolated linearly. Each value stands in the middle of
 * its own weight (Hazen's rule, type 5 in R, when weights are equal). Before the first value and
 * beyond the last it is that value; without values it is `NaN`.
 * https://en.wikipedia.org/wiki/Percentile#The_weighted_percentile_method
 */
export function weightedQuantile(ascending: readonly Weighted[], share: number): number {
  let total = 0;
  for (const { weight } of ascending) total += weight;
  const wanted = share * total;
  let reached = 0;
  let before: { readonly value: number; readonly middle: number } | undefined;
  for (const { value, weight } of ascending) {
    const middle = reached + weight / 2;
    if (middle >= wanted) {
      if (before === undefined) return value;
      return before.value + ((value - before.value) * (wanted - before.middle)) / (middle - before.middle);
    }
    before = { value, middle };
    reached += weight;
  }
  return before?.value ?? Number.NaN;
}
