/** The possible values of a metric: a ratio is 0..1, a percentage 0..100, a count at least 0. */
export interface Bounds {
  readonly lower?: number;
  readonly upper?: number;
}

/** The nearest value within the bounds. */
export function clampTo(bounds: Bounds, value: number): number {
  if (bounds.lower !== undefined && value < bounds.lower) return bounds.lower;
  if (bounds.upper !== undefined && value > bounds.upper) return bounds.upper;
  return value;
}
