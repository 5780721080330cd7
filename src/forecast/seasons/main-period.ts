import type { History } from "../../core/history.ts";
import { findSeasons } from "./find-seasons.ts";

/**
 * The one period that a method with a single season works with: the caller's where the history covers it, else the one that
 * explains most of the series; `undefined` where there is none.
 */
export function mainPeriod(history: History): number | undefined {
  const { season, values } = history;
  if (season !== undefined && Number.isInteger(season) && season >= 2 && season <= values.length)
    return season;
  return findSeasons(history).patterns[0]?.period;
}
