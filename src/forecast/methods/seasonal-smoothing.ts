import type { Method } from "../method.ts";
import { findSeasons } from "../seasons/find-seasons.ts";
import { seasonallyAdjusted } from "../seasons/seasonally-adjusted.ts";
import { dampedHolt } from "./damped-holt.ts";

/**
 * Exponential smoothing of a seasonal-trend decomposition, as in R's `stlf`: up to three seasons
 * are found robustly and removed, the rest is smoothed with a damped trend, and the seasons are
 * added again. https://otexts.com/fpp3/forecasting-decomposition.html
 */
export const seasonalSmoothing: Method = {
  name: "seasonal-smoothing",
  fit(history, parameters) {
    const { adjusted, patterns } = findSeasons(history);
    return seasonallyAdjusted(dampedHolt.fit({ ...history, values: adjusted }, parameters), patterns);
  },
};
