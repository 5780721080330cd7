import { RollingMedian } from "../../math/rolling-median.ts";
import type { Method } from "../method.ts";

const DEFAULT_WINDOW_POINTS = 12;

/**
 * Moving median: the median of the last `window` points (12 unless asked otherwise). It keeps to a plateau until most of its window has
 * left it, and an outlier does not move it: of the flat forecasts the one of least absolute error on operational series.
 */
export const movingMedian: Method = {
  name: "moving-median",
  fit(history, parameters) {
    const rolling = new RollingMedian(parameters.window ?? DEFAULT_WINDOW_POINTS);
    const update = (value: number): void => {
      if (!Number.isNaN(value)) rolling.push(value);
    };
    for (const value of history.values) update(value);
    return { update, at: () => rolling.median };
  },
};
