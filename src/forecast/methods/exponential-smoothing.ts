import { minimise } from "../../math/minimise.ts";
import type { Method } from "../method.ts";

type Values = readonly number[] | Float64Array;

function firstValid(values: Values): number {
  for (const value of values) if (!Number.isNaN(value)) return value;
  return 0;
}

/** Sum of the squared one-step errors. Gaps are skipped. */
function squaredError(values: Values, alpha: number): number {
  let level = firstValid(values);
  let total = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    const error = value - level;
    total += error * error;
    level += alpha * error;
  }
  return total;
}

/** The alpha with the smallest squared one-step error, in [0.0001, 0.9999] as in R's `ses`. */
export function bestAlpha(values: Values): number {
  return minimise((alpha) => squaredError(values, alpha), 1e-4, 1 - 1e-4, 1e-3);
}

/**
 * Simple exponential smoothing, ETS(A,N,N): a level that moves towards each new point by `alpha` of
 * the error. It starts at the first point. `alpha` is fitted by least squares unless given.
 * https://otexts.com/fpp3/ses.html
 */
export const exponentialSmoothing: Method = {
  name: "exponential-smoothing",
  fit(history, parameters) {
    const alpha = parameters.alpha ?? bestAlpha(history.values);
    let level = firstValid(history.values);
    const update = (value: number): void => {
      if (!Number.isNaN(value)) level += alpha * (value - level);
    };
    for (const value of history.values) update(value);
    return { update, at: () => level };
  },
};
