import type { History } from "../../core/history.ts";
import { candidatePeriods } from "./candidate-periods.ts";
import { type SeasonalPattern, seasonalPattern } from "./seasonal-pattern.ts";

/** A season must explain at least this share of the deviation. */
const MIN_GAIN = 0.06;
const MAX_SEASONS = 3;
/** Two periods whose gains differ by less than this count as equally good. */
const NEARLY_EQUAL_GAIN = 0.02;
const OUTLIER_FACTOR = 2;

/** The seasons of a series, and the series without them. */
export interface Seasons {
  readonly patterns: readonly SeasonalPattern[];
  /**
   * Each point minus the season estimated from the other cycles. It is as hard to forecast as the
   * future.
   */
  readonly adjusted: Float64Array;
}

/**
 * Finds up to three seasons. Each time it takes the candidate period that explains most of the
 * rest, until none explains enough.
 */
export function findSeasons(history: History): Seasons {
  const adjusted = Float64Array.from(history.values);
  const limited = withLimitedOutliers(adjusted);
  const patterns: SeasonalPattern[] = [];
  let candidates = candidatePeriods(history);
  while (patterns.length < MAX_SEASONS && candidates.length > 0) {
    const found = candidates
      .map((period) => seasonalPattern(limited, period))
      .filter((pattern) => pattern.gain > MIN_GAIN)
      .sort((a, b) => b.gain - a.gain);
    const best = simplest(found);
    if (best === undefined) break;
    patterns.push(best);
    for (let index = 0; index < adjusted.length; index++) {
      (adjusted[index] as number) -= best.crossFitted[index] as number;
      (limited[index] as number) -= best.crossFitted[index] as number;
    }
    candidates = found.filter((pattern) => pattern !== best).map((pattern) => pattern.period);
  }
  return { patterns, adjusted };
}

/**
 * The period for a method with a single season: that of the caller when the history covers it,
 * otherwise the one that explains most. `undefined` when there is no season.
 */
export function mainPeriod(history: History): number | undefined {
  const { season, values } = history;
  if (season !== undefined && Number.isInteger(season) && season >= 2 && season <= values.length)
    return season;
  return findSeasons(history).patterns[0]?.period;
}

/**
 * The best pattern, or the shortest whose period divides the best period and explains nearly as
 * much.
 */
function simplest(found: readonly SeasonalPattern[]): SeasonalPattern | undefined {
  const best = found[0];
  if (best === undefined) return undefined;
  return found
    .filter(({ period, gain }) => best.period % period === 0 && gain > best.gain - NEARLY_EQUAL_GAIN)
    .sort((a, b) => a.period - b.period)[0];
}

/**
 * The values, limited to twice the 99th percentile of their magnitude, so that an outlier does not
 * hide a season.
 */
function withLimitedOutliers(values: Float64Array): Float64Array {
  const sizes = values
    .map(Math.abs)
    .filter((size) => !Number.isNaN(size))
    .sort();
  const limit = OUTLIER_FACTOR * (sizes[Math.floor(0.99 * (sizes.length - 1))] as number);
  return values.map((value) => Math.max(-limit, Math.min(limit, value)));
}
