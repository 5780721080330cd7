import type { History } from "../core/history.ts";
import type { PredictedPath, PredictedStep, WritableStep } from "../core/model.ts";
import type { RowTables } from "../math/row-tables.ts";

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
  /**
   * Moves what it knows into a row of a table: one of thousands of models that stay in use has no memory
   * of its own then. Absent: it has none, or keeps it.
   */
  settle?(tables: RowTables): void;
  /** Gives the row back when it is not in use any more. It still predicts, with a memory of its own. */
  leave?(): void;
  /** Gives the row back for good. It is never asked again. */
  end?(): void;
  /**
   * Whether all points so far were this value, and all forecasts are: then there is nothing to compare.
   * Absent: the model does not know.
   */
  isStillAt?(value: number): boolean;
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
