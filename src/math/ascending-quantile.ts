/** The quantile of ascending values by Hazen's rule (type 5 in R). `NaN` without values. O(1). */
export function ascendingQuantile(ascending: Float64Array, share: number): number {
  const last = ascending.length - 1;
  const position = Math.min(Math.max(0, share * ascending.length - 0.5), last);
  const below = Math.floor(position);
  const lower = ascending[below] as number;
  return lower + (position - below) * ((ascending[Math.min(below + 1, last)] as number) - lower);
}
