import type { HorizonWalk } from "../backtest/horizon-tests.ts";
import type { FactorsByHorizon } from "../method.ts";

/** What the backtest of several methods showed, and what they forecast now. */
export interface Evidence {
  /** The values, which have single precision; `NaN` for gaps. The first is none. */
  readonly values: Float64Array;
  /** The largest number of steps ahead that will be predicted. */
  readonly horizonSteps: number;
  /** The walks at each tested horizon, ascending. */
  readonly walks: readonly HorizonWalk[];
  /** For each of them the weights of the methods by their errors. */
  readonly weights: readonly Float64Array[];
  /** For each of them the errors of the methods over that of the first, where few origins count little. */
  readonly ratios: readonly Float64Array[];
  /** For each of them the mean absolute error of the first method, above 0. */
  readonly usualErrors: readonly number[];
  /** For each of them how much of the weights a change decides that the backtest does not know. */
  readonly changeShares: readonly number[];
  /** The forecast of a method, `steps` steps after the last value. */
  forecastAt(method: number, steps: number): number;
}

/** What a judge of the evidence makes of it: other weights, and how much wider intervals are. */
export interface Judgement extends FactorsByHorizon {
  /** For each horizon. The horizons begin with the tested ones, and may go on beyond them. */
  readonly weights: readonly Float64Array[];
}

/** Judges evidence. `undefined`: the weights by errors remain. */
export type Judge = (evidence: Evidence) => Judgement | undefined;
