import { RollingMedian } from "../../math/rolling-median.ts";
import type { KnownSeries } from "../backtest/known-series.ts";
import type { FittedMethod, Method } from "../method.ts";

const DEFAULT_WINDOW_POINTS = 12;
const NOTHING = new Float64Array(0);

/**
 * Moving median: the median of the last `window` points (default 12). It follows a new level when
 * most of its window is there, and ignores outliers. Of the flat forecasts it has the smallest
 * absolute error on operational series.
 */
export const movingMedian: Method = {
  name: "moving-median",
  fit(history, parameters) {
    const { values } = history;
    return new MovingMedian(parameters.window ?? DEFAULT_WINDOW_POINTS, new Float64Array(values));
  },
};

class MovingMedian implements FittedMethod {
  readonly isConstant = true;
  readonly #window: number;
  /** The values so far, until the next: most of these methods never take another. */
  #seen: Float64Array;
  /** Absent until it is needed. */
  #rolling: RollingMedian | undefined;
  /** After a run through a known series, until the next value. */
  #known: number | undefined;

  /** @param seen `NaN` for gaps. */
  constructor(window: number, seen: Float64Array) {
    this.#window = window;
    this.#seen = seen;
  }

  update(value: number): void {
    if (Number.isNaN(value)) return;
    this.#begun().push(value);
    this.#known = undefined;
  }

  at(): number {
    return this.#known ?? this.#begun().median;
  }

  runThrough(series: KnownSeries, origins: Int32Array, forecasts: Float64Array): void {
    const { valid } = series;
    const median = series.medianOver(this.#window);
    median.follow(series.validBeforeEach(origins), forecasts);
    median.takeUpTo(valid.length);
    this.#seen = valid.subarray(-this.#window);
    this.#rolling = undefined;
    this.#known = median.median;
  }

  #begun(): RollingMedian {
    if (this.#rolling !== undefined) return this.#rolling;
    this.#rolling = new RollingMedian(this.#window);
    for (let index = 0; index < this.#seen.length; index++) {
      const value = this.#seen[index] as number;
      if (!Number.isNaN(value)) this.#rolling.push(value);
    }
    this.#seen = NOTHING;
    return this.#rolling;
  }
}
