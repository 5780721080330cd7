import type { History } from "../core/history.ts";

/** What a caller may fix of a method instead of having it fitted. */
export interface MethodParameters {
  /** Weight of the newest point in exponential smoothing, above 0 and at most 1. */
  readonly alpha?: number | undefined;
  /** Points that a moving average looks back over, at least 1. */
  readonly window?: number | undefined;
}

/** A method that has seen a series: takes the next point in constant time, predicts whenever asked. */
export interface FittedMethod {
  /** The next point of the grid; `NaN` for a gap. */
  update(value: number): void;
  /** Means of the next `steps` steps, index 0 one step ahead. */
  predict(steps: number): Float64Array;
}

/** One way of forecasting behind the one contract: fit -> fitted -> predict. */
export interface Method {
  readonly name: string;
  /** Valid (not gap) points below which the method is still warming up. */
  readonly minimumPoints: number;
  /** Fits to at least `minimumPoints` valid points. Linear in the length of the history. */
  fit(history: History, parameters: MethodParameters): FittedMethod;
}

/** An interval needs a few errors of the method's own, and an error needs a forecast: five points give three. */
export const fewestPoints = 5;

/** A path that stays at one level. */
export function flatPath(level: number, steps: number): Float64Array {
  return new Float64Array(steps).fill(level);
}
