/**
 * The future of a series, step by step: index 0 is one step ahead. All arrays have the same length, and
 * `lower95 <= lower80 <= mean <= upper80 <= upper95` holds at every step.
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

/** A fitted forecaster of one series: takes new points in constant time, predicts whenever asked. */
export interface ForecastModel {
  /** The method that makes the forecasts (`auto` names its choice, for example `auto: theta + seasonal-naive`). */
  readonly method: string;
  /** Backtested MASE relative to naive; below 1 is better than assuming no change. */
  readonly errorVersusNaive: number;
  /** The next point of the grid; `NaN` for a gap. */
  update(value: number): void;
  /** The path over the next `steps` steps (at least 1). Every number is finite and within the bounds. */
  predict(steps: number): PredictedPath;
  /** The last step of that path alone, without the price of those before it. */
  predictAt(step: number): PredictedStep;
}

/** What came of an attempt to fit a model: the model, or how many points are missing, or why it failed. */
export type FitResult =
  | { readonly state: "ready"; readonly model: ForecastModel }
  | { readonly state: "warming-up"; readonly missingPoints: number }
  | { readonly state: "failed"; readonly reason: string };
