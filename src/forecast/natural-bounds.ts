import type { Bounds } from "../core/bounds.ts";
import { isSelection } from "./fit-options.ts";

/** The bounds of most series, which share them. */
const NOT_NEGATIVE: Bounds = { lower: 0 };

/**
 * The bounds of a series. What was never negative is not forecast to be, unless a lower bound is known:
 * counts, sizes, durations and shares are not negative, and few series of operations can be.
 */
export function naturalBounds(known: Bounds, values: ArrayLike<number | null>): Bounds {
  if (known.lower !== undefined) return known;
  for (let index = 0; index < values.length; index++) if ((values[index] ?? 0) < 0) return known;
  return known.upper === undefined ? NOT_NEGATIVE : { ...known, lower: 0 };
}

/** The same for a series that nothing else is known of. A method that the user named has no bounds. */
export function boundsOfUnknown(method: string, values: ArrayLike<number | null>): Bounds {
  return isSelection(method) ? naturalBounds({}, values) : {};
}
