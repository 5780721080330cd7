import type { History } from "../core/history.ts";

/** The history of a tier, and where it ends. */
export interface TierHistory extends History {
  /** Pass it to `since` to get the slots that are completed later. */
  readonly cursor: number;
  /** The middle of the last slot, in epoch milliseconds; absent when there is none. */
  readonly lastAt?: number;
}

/** The slots that were completed since a cursor. */
export interface TierPoints {
  /** Oldest first; `NaN` for a gap. Valid until the next call. */
  readonly values: Float64Array;
  readonly cursor: number;
  /**
   * False when some slots after the cursor are no longer stored. A model that needs them must be
   * fitted again.
   */
  readonly complete: boolean;
  /** The middle of the slot before the new cursor, in epoch milliseconds. */
  readonly lastAt: number;
}

/** The values and another one behind them. */
export function withLast(values: Float64Array, last: number): Float64Array {
  const longer = new Float64Array(values.length + 1);
  longer.set(values);
  longer[values.length] = last;
  return longer;
}
