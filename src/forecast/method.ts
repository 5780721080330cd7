import type { History } from "../core/history.ts";
import type { RowTables } from "../math/row-tables.ts";
import type { HorizonErrors } from "./backtest/errors.ts";
import type { KnownSeries } from "./backtest/known-series.ts";

/**
 * Parameters that a caller may fix instead of having them fitted. Each method uses those that
 * concern it.
 */
export interface MethodParameters {
  /** Weight of the newest point in a smoothed level, above 0 and at most 1. */
  readonly alpha?: number | undefined;
  /** Weight of the newest error in a smoothed slope, from 0 to 1. */
  readonly beta?: number | undefined;
  /** The factor of a slope after each step, above 0 and at most 1; 1 is undamped. */
  readonly phi?: number | undefined;
  /** Points that a method looks back over, at least 1. */
  readonly window?: number | undefined;
}

/**
 * Distances of the bounds of the 80 % and 95 % intervals from the mean. Lower ones are not
 * positive, upper ones not negative.
 */
export interface Offsets {
  lower95: number;
  lower80: number;
  upper80: number;
  upper95: number;
}

/** Distances of 0. */
export function noOffsets(): Offsets {
  return { lower95: 0, lower80: 0, upper80: 0, upper95: 0 };
}

/** A range of values. */
export interface PlausibleRange {
  readonly lower: number;
  readonly upper: number;
}

/** The intervals of a forecaster, at any number of steps ahead. */
export interface Intervals {
  /** May write on `into`, if it is given. */
  at(steps: number, into?: Offsets): Readonly<Offsets>;
}

/**
 * A method that was fitted to a series. It takes each new point in constant time, and predicts at
 * any time.
 */
export interface FittedMethod {
  /** Takes the next point of the grid; `NaN` for a gap. */
  update(value: number): void;
  /** The forecast `steps` steps after the newest point; 1 is the next point. */
  at(steps: number): number;
  /** Whether the forecast is the same at any number of steps. Absent: false. */
  readonly isConstant?: boolean;
  /**
   * Takes the points from one index up to before another. It is `update` for each, in a loop that
   * belongs to one method and is compiled for it. Absent: `update` for each.
   */
  takeAll?(values: Float64Array, from: number, to: number): void;
  /** The forecasts at several numbers of steps, for the same reason. Absent: `at` for each. */
  forecastAt?(horizons: readonly number[], into: Float64Array): void;
  /**
   * For a method whose forecast is the same at any number of steps, and that knows a faster way
   * through a series that is known in whole, of which it has seen the beginning. It takes the rest,
   * and writes its forecast before each origin. Absent: `takeAll` and `at`.
   */
  runThrough?(series: KnownSeries, origins: Int32Array, forecasts: Float64Array): void;
  /**
   * How much further the forecast would be if a trend continued beyond the distance that it is
   * trusted for. Absent: 0.
   */
  untrustedTrend?(steps: number): number;
  /**
   * What may well come although no error of the past shows it, so soon after a change. The 80 %
   * interval contains it. Absent or `undefined`: nothing beyond the past errors.
   */
  plausible?(steps: number): PlausibleRange | undefined;
  /**
   * How much more its forecasts are worth than its backtest shows, because something has changed that
   * it knows of. Absent: 1.
   */
  readonly weightFactor?: number;
  /**
   * A limit for the lower bounds, beyond the time for which the trend can be trusted. Absent: none.
   */
  maxLowerBound?(steps: number): number;
  /**
   * Moves what it knows into a row of a table: one of thousands of methods that stay in use has no memory
   * of its own then. Absent: it has none, or keeps it.
   */
  settle?(tables: RowTables): void;
  /** Gives the row back when it is not in use any more. It still works, with a memory of its own. */
  leave?(): void;
  /** Gives the row back for good. It is never asked again. */
  end?(): void;
}

/** The seasons of a model that stays in use. */
export interface Seasonality {
  /** Whether there are none. */
  readonly areNone: boolean;
  /**
   * Estimates the patterns anew. Returns false when the model is no good any more: a season explains
   * too little now, or the first one has appeared.
   *
   * @param past the values up to the newest point, of which the first is not a gap.
   */
  follow(past: Float64Array): boolean;
}

/** Four factors of the offsets at each horizon: lower 95 %, lower 80 %, upper 80 %, upper 95 %. */
export interface FactorsByHorizon {
  readonly horizons: readonly number[];
  readonly factors: Float32Array;
}

/** A method that was fitted to a whole series, and its errors on the way. */
export interface FittedForecaster {
  /** The description that users see. */
  readonly description: string;
  readonly fitted: FittedMethod;
  /** Out-of-sample errors, by ascending horizon. */
  readonly errors: readonly HorizonErrors[];
  /** Index of the first point of the history that was forecast for them. */
  readonly testedFrom: number;
  /** How much wider than its errors its intervals are. Absent: as wide. */
  readonly widening?: FactorsByHorizon | undefined;
  /**
   * Its seasons, if all else in it stays as good as in one that is fitted again. Absent: updates do
   * not keep it as good.
   */
  readonly seasons?: Seasonality;
}

/** A forecasting method: `fit` gives a fitted method, which predicts. */
export interface Method {
  readonly name: string;
  /**
   * Fits to a history that begins with a valid point. A method that needs more data (a second
   * cycle, a slope) does without. Values are finite or `NaN`, and of the order of 1.
   */
  fit(history: History, parameters: MethodParameters): FittedMethod;
  /**
   * The intervals that belong to the method by definition. Absent: intervals come from its
   * backtest.
   */
  intervals?(values: Float64Array): Intervals;
}
