import type { Method } from "../method.ts";
import { findSeasons } from "../seasons/find-seasons.ts";
import { seasonallyAdjusted } from "../seasons/seasonally-adjusted.ts";
import { dampedHolt } from "./damped-holt.ts";

/**
 * Exponential smoothing on a seasonal-trend decomposition, as R's `stlf`: up to three seasons, found robustly, are taken off; what is left is
 * smoothed with a damped trend; the seasons are put back. https://otexts.com/fpp3/forecasting-decomposition.html
 */
export const seasonalSmoothing: Method = {
  name: "seasonal-smoothing",
  fit(history, parameters) {
    const { adjusted, patterns } = findSeasons(history);
    return seasonallyAdjusted(dampedHolt.fit({ ...history, values: adjusted }, parameters), patterns);
  },
};
