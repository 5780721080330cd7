import { RankedMedian } from "../../math/ranked-median.ts";
import { RollingMedian } from "../../math/rolling-median.ts";
import type { KnownSeries } from "../backtest/known-series.ts";
import type { FittedMethod, Method } from "../method.ts";

const DEFAULT_WINDOW_POINTS = 12;

/**
 * Moving median: the median of the last `window` points (default 12). It follows a new level when
 * most of its window is there, and ignores outliers. Of the flat forecasts it has the smallest
 * absolute error on operational series.
 */
export const movingMedian: Method = {
  name: "moving-median",
  fit(history, parameters) {
    const fitted = new MovingMedian(parameters.window ?? DEFAULT_WINDOW_POINTS);
    for (const value of history.values) fitted.update(value);
    return fitted;
  },
};

class MovingMedian implements FittedMethod {
  readonly isConstant = true;
  readonly #window: number;
  readonly #rolling: RollingMedian;

  constructor(window: number) {
    this.#window = window;
    this.#rolling = new RollingMedian(window);
  }

  update(value: number): void {
    if (!Number.isNaN(value)) this.#rolling.push(value);
  }

  at(): number {
    return this.#rolling.median;
  }

  runThrough(series: KnownSeries, origins: Int32Array, forecasts: Float64Array): void {
    const { ranked, valid, validBefore } = series;
    const median = new RankedMedian(ranked, this.#window);
    for (let origin = 0; origin < origins.length; origin++) {
      median.takeUpTo(validBefore[origins[origin] as number] as number);
      forecasts[origin] = median.median;
    }
    median.takeUpTo(valid.length);
    this.#rolling.continueFrom(median, valid.subarray(-this.#window));
  }
}
