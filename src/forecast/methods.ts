import type { Method } from "./method.ts";
import { dampedHolt } from "./methods/damped-holt.ts";
import { exponentialSmoothing } from "./methods/exponential-smoothing.ts";
import { linearTrend } from "./methods/linear-trend.ts";
import { movingAverage } from "./methods/moving-average.ts";
import { movingMedian } from "./methods/moving-median.ts";
import { naive } from "./methods/naive.ts";
import { piecewiseTrend } from "./methods/piecewise-trend.ts";
import { regression } from "./methods/regression.ts";
import { robustLinearTrend } from "./methods/robust-linear-trend.ts";
import { sawtooth } from "./methods/sawtooth.ts";
import { seasonalNaive } from "./methods/seasonal-naive.ts";
import { seasonalSmoothing } from "./methods/seasonal-smoothing.ts";
import { theta } from "./methods/theta.ts";

/** Every method that can be selected by name. A new method is one file and one line here. */
export const methods: readonly Method[] = [
  naive,
  seasonalNaive,
  movingAverage,
  movingMedian,
  exponentialSmoothing,
  dampedHolt,
  seasonalSmoothing,
  theta,
  sawtooth,
  linearTrend,
  robustLinearTrend,
  regression,
  piecewiseTrend,
];

/** The method of this name; `undefined` when there is none. */
export function methodNamed(name: string): Method | undefined {
  return methods.find((method) => method.name === name);
}
