import type { History } from "../core/history.ts";
import type { HorizonErrors } from "./backtest/errors.ts";
import { walk } from "./backtest/walk.ts";
import { countValid, indexAfterValid } from "./gaps.ts";
import type { FittedForecaster, Method, MethodParameters } from "./method.ts";

/**
 * Fits a method that was selected by name. It is tested on the second half after a fit to the first
 * half, and forecasts after a fit to the whole. Needs a history that begins with a valid point.
 */
export function fitNamed(
  method: Method,
  history: History & { readonly values: Float64Array },
  parameters: MethodParameters,
  horizonSteps: number,
): FittedForecaster {
  const { values } = history;
  const testedFrom = indexAfterValid(values, countValid(values) >> 1);
  return {
    description: method.name,
    fitted: method.fit(history, parameters),
    errors: backtest(method, history, parameters, testedFrom, horizonSteps),
    testedFrom,
  };
}

/** Errors from `start` on of a method that was fitted to the values before. */
function backtest(
  method: Method,
  history: History & { readonly values: Float64Array },
  parameters: MethodParameters,
  start: number,
  horizonSteps: number,
): HorizonErrors[] {
  const { values } = history;
  const fitted = method.fit({ ...history, values: values.subarray(0, start) }, parameters);
  return walk([fitted], values, start, horizonSteps).map(({ horizon, actual, age, predicted }) => ({
    horizon,
    errors: actual.map((actualValue, origin) => actualValue - (predicted[origin] as number)),
    age,
  }));
}
