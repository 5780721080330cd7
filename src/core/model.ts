import type { History } from "./history.ts";

/**
 * The forecast of a series, step by step: index 0 is one step ahead. All arrays have the same
 * length. At every step, `lower95 <= lower80 <= mean <= upper80 <= upper95`.
 */
export interface PredictedPath {
  readonly mean: Float64Array;
  readonly lower80: Float64Array;
  readonly upper80: Float64Array;
  readonly lower95: Float64Array;
  readonly upper95: Float64Array;
}

/** One step of a path. */
export interface PredictedStep {
  readonly mean: number;
  readonly lower80: number;
  readonly upper80: number;
  readonly lower95: number;
  readonly upper95: number;
}

/** A step to write on. */
export type WritableStep = { -readonly [Field in keyof PredictedStep]: PredictedStep[Field] };

/** A step without numbers. Who forecasts thousands of series keeps one to write on. */
export function noStep(): WritableStep {
  return {
    mean: Number.NaN,
    lower80: Number.NaN,
    upper80: Number.NaN,
    lower95: Number.NaN,
    upper95: Number.NaN,
  };
}

/**
 * A fitted model of one series. It takes a new point in constant time and can predict at any time.
 */
export interface ForecastModel {
  /**
   * The forecasting method. `auto` names its choice, for example `auto: theta + seasonal-naive`.
   */
  readonly method: string;
  /**
   * The error (MASE) in a backtest, relative to assuming no change. Below 1 is better than that.
   */
  readonly errorVersusNaive: number;
  /**
   * Whether updates keep it as good as a newly fitted one, if it follows its seasons. Fitted
   * parameters grow old.
   */
  readonly isLasting: boolean;
  /** Whether a lasting model has seasons. Patterns grow old sooner than their absence. */
  readonly hasSeasons: boolean;
  /** Adds the next point of the grid. `NaN` is a gap. */
  update(value: number): void;
  /**
   * Estimates the seasons of a lasting model anew, from the past values of the grid up to the newest
   * point. Returns false when a new model is needed: a season is gone, or the first has appeared.
   */
  follow(past: History["values"]): boolean;
  /** Predicts the next `steps` steps (at least 1). Every number is finite and within the bounds. */
  predict(steps: number): PredictedPath;
  /** Predicts one step, without the cost of the steps before it. May write on `into`, if it is given. */
  predictAt(step: number, into?: WritableStep): PredictedStep;
}

/**
 * The result of fitting a model: the model, or how many more points are needed, or why it failed.
 */
export type FitResult =
  | { readonly state: "ready"; readonly model: ForecastModel }
  | { readonly state: "warming-up"; readonly missingPoints: number }
  | { readonly state: "failed"; readonly reason: string };
