import type { Bounds } from "../core/bounds.ts";

/**
 * The bounds of a series. What was never negative is not forecast to be, unless a lower bound is known:
 * counts, sizes, durations and shares are not negative, and few series of operations can be.
 */
export function naturalBounds(known: Bounds, values: Iterable<number | null>): Bounds {
  if (known.lower !== undefined) return known;
  for (const value of values) if (value !== null && value < 0) return known;
  return { ...known, lower: 0 };
}
