import type { History } from "../../core/history.ts";
import { RunningSums } from "../../math/centred-average.ts";
import { nthSmallest } from "../../math/nth-smallest.ts";
import { candidatePeriods, MIN_CYCLES } from "./candidate-periods.ts";
import { PeriodTrial, type SeasonalPattern } from "./seasonal-pattern.ts";

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
  const adjusted = new Float64Array(history.values);
  const limited = withLimitedOutliers(adjusted);
  const patterns: SeasonalPattern[] = [];
  let candidates = candidatePeriods(history);
  while (patterns.length < MAX_SEASONS && candidates.length > 0) {
    const sums = new RunningSums(limited);
    const found = candidates
      .map((period) => new PeriodTrial(limited, sums, period))
      .filter(({ gain }) => gain > MIN_GAIN)
      .sort((a, b) => b.gain - a.gain);
    const best = simplest(found);
    if (best === undefined) break;
    patterns.push(best.pattern);
    subtract(adjusted, best.crossFitted);
    subtract(limited, best.crossFitted);
    candidates = found.filter((trial) => trial !== best).map(({ period }) => period);
  }
  return { patterns, adjusted };
}

/** Whether `findSeasons` would find any. It costs less, because no season is removed. */
export function hasSeasons(history: History): boolean {
  const limited = withLimitedOutliers(new Float64Array(history.values));
  const sums = new RunningSums(limited);
  return candidatePeriods(history).some((period) => new PeriodTrial(limited, sums, period).gain > MIN_GAIN);
}

/**
 * The patterns of known periods, one removed after the other. `undefined` when one of them explains
 * too little.
 *
 * @param values `NaN` for gaps.
 */
export function patternsOf(values: Float64Array, periods: readonly number[]): SeasonalPattern[] | undefined {
  const limited = withLimitedOutliers(values);
  const patterns: SeasonalPattern[] = [];
  for (const period of periods) {
    if (period * MIN_CYCLES > values.length) return undefined;
    const trial = new PeriodTrial(limited, new RunningSums(limited), period);
    if (trial.gain <= MIN_GAIN) return undefined;
    patterns.push(trial.pattern);
    subtract(limited, trial.crossFitted);
  }
  return patterns;
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
 * The best trial, or the shortest whose period divides the best period and explains nearly as
 * much.
 */
function simplest(found: readonly PeriodTrial[]): PeriodTrial | undefined {
  const best = found[0];
  if (best === undefined) return undefined;
  return found
    .filter(({ period, gain }) => best.period % period === 0 && gain > best.gain - NEARLY_EQUAL_GAIN)
    .sort((a, b) => a.period - b.period)[0];
}

function subtract(values: Float64Array, season: Float64Array): void {
  for (let index = 0; index < values.length; index++) (values[index] as number) -= season[index] as number;
}

/**
 * The values, limited to twice the 99th percentile of their magnitude, so that an outlier does not
 * hide a season.
 */
function withLimitedOutliers(values: Float64Array): Float64Array {
  const sizes = new Float64Array(values.length);
  let count = 0;
  for (let index = 0; index < values.length; index++) {
    const size = Math.abs(values[index] as number);
    if (!Number.isNaN(size)) sizes[count++] = size;
  }
  const limit = OUTLIER_FACTOR * nthSmallest(sizes, count, Math.floor(0.99 * (count - 1)));
  for (let index = 0; index < values.length; index++)
    sizes[index] = Math.max(-limit, Math.min(limit, values[index] as number));
  return sizes;
}
