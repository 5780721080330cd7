import { RollingMedian } from "../../math/rolling-median.ts";
import type { Method } from "../method.ts";

const DEFAULT_WINDOW_POINTS = 12;

/**
 * Moving median: the median of the last `window` points (default 12). It follows a new level when
 * most of its window is there, and ignores outliers. Of the flat forecasts it has the smallest
 * absolute error on operational series.
 */
export const movingMedian: Method = {
  name: "moving-median",
  fit(history, parameters) {
    const rolling = new RollingMedian(parameters.window ?? DEFAULT_WINDOW_POINTS);
    const update = (value: number): void => {
      if (!Number.isNaN(value)) rolling.push(value);
    };
    for (const value of history.values) update(value);
    return { update, at: () => rolling.median, isConstant: true };
  },
};
