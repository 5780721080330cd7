import type { History } from "../core/history.ts";
import type { HorizonErrors } from "./backtest/errors.ts";

/** What a caller may fix of a method instead of having it fitted. Every method takes what concerns it. */
export interface MethodParameters {
  /** Weight of the newest point in a smoothed level, above 0 and at most 1. */
  readonly alpha?: number | undefined;
  /** Weight of the newest error in a smoothed slope, from 0 to 1. */
  readonly beta?: number | undefined;
  /** What is left of a slope after a step, above 0 and at most 1: 1 is undamped. */
  readonly phi?: number | undefined;
  /** Points that a method looks back over, at least 1. */
  readonly window?: number | undefined;
}

/** How far the bounds of the 80 % and 95 % interval lie from the mean; lower ones are not positive, upper ones not negative. */
export interface Offsets {
  readonly lower95: number;
  readonly lower80: number;
  readonly upper80: number;
  readonly upper95: number;
}

/** The intervals of a forecaster: offsets at any number of steps ahead. */
export interface Intervals {
  at(steps: number): Offsets;
}

/** A method that has seen a series: takes the next point in constant time, predicts whenever asked. */
export interface FittedMethod {
  /** The next point of the grid; `NaN` for a gap. */
  update(value: number): void;
  /** The forecast for `steps` steps after the newest point, 1 for the next one. */
  at(steps: number): number;
  /** How much further it would go if a trend went on that the forecast does not believe in so far out; 0 without. */
  unbelieved?(steps: number): number;
  /** What the lower bounds are not above, where nobody can know whether what was seen goes on for so long; absent without. */
  atLeast?(steps: number): number;
}

/** A method at the end of a series, and how it fared on the way there. */
export interface FittedForecaster {
  /** What made it, as shown to the user. */
  readonly description: string;
  readonly fitted: FittedMethod;
  /** Out-of-sample errors by horizon, ascending. */
  readonly errors: readonly HorizonErrors[];
  /** The first point of the history that was forecast for them. */
  readonly testedFrom: number;
}

/** One way of forecasting behind the one contract: fit -> fitted -> predict. */
export interface Method {
  readonly name: string;
  /**
   * Fits to a history that begins with a valid point. What the method needs more of than there is (a second season, a slope) it does
   * without. Its values are finite or `NaN`, and of the order of 1.
   */
  fit(history: History, parameters: MethodParameters): FittedMethod;
  /** The intervals that go with the method by definition; without them they come from its own backtest. */
  intervals?(values: Float64Array): Intervals;
}
