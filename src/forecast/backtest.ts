import type { History } from "../core/history.ts";
import type { Method, MethodParameters } from "./method.ts";

/** Origins of one backtest: enough for a quantile, few enough to stay cheap. */
const mostOrigins = 60;

/** Errors of a method on its own past, actual minus predicted, by how far ahead it looked. */
export interface Backtest {
  /** Steps ahead, ascending. */
  readonly horizons: readonly number[];
  /** Errors at each of the horizons. */
  readonly errors: readonly (readonly number[])[];
  /** Mean absolute error over all origins and horizons. */
  readonly meanAbsoluteError: number;
}

/** 1, 2, 3, 4, 6, 8, 12, ... up to the longest: a grid that is dense where forecasts change quickly. */
export function horizonGrid(longest: number): number[] {
  const grid: number[] = [];
  for (let base = 1; base <= longest; base *= 2) {
    grid.push(base);
    const between = base * 1.5;
    if (Number.isInteger(between) && between < longest) grid.push(between);
  }
  if (grid.at(-1) !== longest) grid.push(longest);
  return grid;
}

/**
 * Rolling origin: fits to the first part of the history, then walks through the rest point by point and forecasts on the way, so that
 * every error is out of sample. https://otexts.com/fpp3/tscv.html
 */
export function backtest(
  method: Method,
  history: History,
  parameters: MethodParameters,
  horizonSteps: number,
): Backtest {
  const { values } = history;
  const start = firstOrigin(values, method.minimumPoints);
  const walked = values.length - start;
  const horizons = horizonGrid(Math.max(1, Math.min(horizonSteps, Math.ceil(walked / 2))));
  const longest = horizons.at(-1) as number;
  const errors = horizons.map((): number[] => []);
  const fitted = method.fit({ ...history, values: values.slice(0, start) }, parameters);
  const stride = Math.max(1, Math.floor(walked / mostOrigins));
  let total = 0;
  let count = 0;

  for (let origin = start; origin < values.length; origin++) {
    if ((values.length - 1 - origin) % stride === 0) {
      const path = fitted.predict(Math.min(longest, values.length - origin));
      for (let index = 0; index < horizons.length; index++) {
        const step = horizons[index] as number;
        if (step > path.length) break;
        const error = (values[origin + step - 1] as number) - (path[step - 1] as number);
        if (!Number.isFinite(error)) continue;
        (errors[index] as number[]).push(error);
        total += Math.abs(error);
        count++;
      }
    }
    fitted.update(values[origin] as number);
  }
  return { horizons, errors, meanAbsoluteError: count > 0 ? total / count : 0 };
}

/** Half-way, or as soon as there are enough valid points to fit; of very short histories the first few points. */
function firstOrigin(values: History["values"], minimumPoints: number): number {
  let valid = 0;
  for (const value of values) if (!Number.isNaN(value)) valid++;
  const needed = Math.max(Math.min(minimumPoints, valid - 3), Math.floor(valid / 2));
  let seen = 0;
  for (let index = 0; index < values.length; index++) {
    if (!Number.isNaN(values[index] as number)) seen++;
    if (seen >= needed) return index + 1;
  }
  return values.length;
}
