/** A number and what it counts. */
export interface Weighted {
  readonly value: number;
  readonly weight: number;
}

/**
 * Weighted quantile, by the inverse of the distribution function: the least value up to which a share of at least `share` of the
 * weight lies (type 1 in R when weights are equal). Expects the numbers in ascending order of value; of none it is `NaN`.
 */
export function weightedQuantile(ascending: readonly Weighted[], share: number): number {
  let total = 0;
  for (const { weight } of ascending) total += weight;
  let reached = 0;
  for (const { value, weight } of ascending) {
    reached += weight;
    if (reached >= share * total) return value;
  }
  return ascending.at(-1)?.value ?? Number.NaN;
}
