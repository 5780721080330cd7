/** The values that a metric can take at all: a ratio 0..1, a percent 0..100, a count from 0 on. */
export interface Bounds {
  readonly lower?: number;
  readonly upper?: number;
}

/** The nearest value inside the bounds. */
export function clampTo(bounds: Bounds, value: number): number {
  if (bounds.lower !== undefined && value < bounds.lower) return bounds.lower;
  if (bounds.upper !== undefined && value > bounds.upper) return bounds.upper;
  return value;
}
