import type { History } from "../core/history.ts";
import type { HorizonErrors } from "./backtest/errors.ts";
import { walk } from "./backtest/walk.ts";
import { countValid, indexAfterValid } from "./gaps.ts";
import type { FittedForecaster, Method, MethodParameters } from "./method.ts";

/**
 * A method that was asked for by name: fitted to the first half, it is judged on the second; fitted to the whole, it forecasts. Needs a
 * history that begins with a valid point.
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

/** Errors of one method that has seen what lies before `start` on what comes after. */
export function backtest(
  method: Method,
  history: History & { readonly values: Float64Array },
  parameters: MethodParameters,
  start: number,
  horizonSteps: number,
): HorizonErrors[] {
  const { values } = history;
  const fitted = method.fit({ ...history, values: values.subarray(0, start) }, parameters);
  return walk([fitted], values, start, horizonSteps).map(({ horizon, actual, age, said }) => ({
    horizon,
    errors: actual.map((came, origin) => came - (said[origin] as number)),
    age,
  }));
}
