import type { Bounds } from "../../core/bounds.ts";
import type { Threshold } from "../../core/threshold.ts";

/** Parts of the way from the best value of a metric to its threshold. */
const RECOVERY_SHARE = 0.95;
/** A total of the day does not come back before midnight. */
const NEARLY_USED_SHARE = 0.9;
/** Without a forecast, for example while it warms up, nothing shows how fast the rest is used. */
const NEARLY_USED_UNKNOWN_SHARE = 0.75;
/**
 * With this share, bursty budgets are warned of before 80 % is used. A lower one raises more false
 * alarms: the predicted value swings more while little is used.
 */
const MOSTLY_USED_SHARE = 0.6;
/** A level so near its threshold may pass it long before its whole interval does. */
const MOSTLY_REACHED_SHARE = 0.9;

/** The limits of an alert beside its threshold. */
export interface MilderLimits {
  readonly recovery: number;
  /** Only for totals of the day. */
  readonly nearly: number | undefined;
  /** Only for totals of the day. */
  readonly nearlyUnknown?: number;
  readonly mostly: number;
}

/**
 * The limits beside a threshold. Without a given recovery the alert ends a part of the way before
 * the threshold, so that a value that swings around the threshold does not end it each time.
 *
 * @param bounds of each metric of the alert. Without a best value the way begins at 0.
 */
export function milderLimits(
  threshold: Threshold,
  given: number | undefined,
  { bounds, areDailyTotals }: { readonly bounds: readonly Bounds[]; readonly areDailyTotals: boolean },
): MilderLimits {
  const { value, direction } = threshold;
  const ways = bounds.map(({ lower, upper }) => {
    const best = direction === "above" ? lower : upper;
    return best === undefined ? Math.abs(value) : Math.abs(value - best);
  });
  const way = ways.length === 0 ? Math.abs(value) : Math.min(...ways);
  const after = (share: number): number => {
    const left = (1 - share) * way;
    return Number((direction === "above" ? value - left : value + left).toPrecision(12));
  };
  if (!areDailyTotals || direction === "below")
    return {
      recovery: given ?? after(RECOVERY_SHARE),
      nearly: undefined,
      mostly: after(MOSTLY_REACHED_SHARE),
    };
  const nearly = after(NEARLY_USED_SHARE);
  return {
    recovery: given ?? nearly,
    nearly: Math.max(nearly, given ?? nearly),
    nearlyUnknown: after(NEARLY_USED_UNKNOWN_SHARE),
    mostly: after(MOSTLY_USED_SHARE),
  };
}
