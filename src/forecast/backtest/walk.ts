import { countValid } from "../gaps.ts";
import type { FittedMethod } from "../method.ts";
import { horizonGrid } from "./horizon-grid.ts";

/** The maximum number of origins of a backtest: enough for quantiles, few enough to be fast. */
const MAX_ORIGINS = 150;
/** A horizon is tested when the history is at least this many times as long. */
const LENGTH_PER_HORIZON = 3;

/** The forecasts of several methods at one number of steps ahead, and the actual values. */
export interface HorizonWalk {
  readonly horizon: number;
  /** The actual values, one for each origin that has one. */
  readonly actual: number[];
  /** How many points ago each of them was. */
  readonly age: number[];
  /** The forecasts: those of all methods at the first origin, then at the second, and so on. */
  readonly predicted: number[];
}

/**
 * Rolling-origin evaluation. Methods that have seen the values before `start` are updated with the
 * rest point by point, and forecast on the way. All errors are out of sample. Origins lie before
 * points that are not gaps, so that there are errors one step ahead. Leaves the methods at the end
 * of the series. https://otexts.com/fpp3/tscv.html
 */
export function walk(
  methods: readonly FittedMethod[],
  values: Float64Array,
  start: number,
  horizonSteps: number,
): HorizonWalk[] {
  const length = values.length;
  const longest = Math.max(1, Math.min(horizonSteps, Math.floor(length / LENGTH_PER_HORIZON)));
  const walks = horizonGrid(longest).map(
    (horizon): HorizonWalk => ({ horizon, actual: [], age: [], predicted: [] }),
  );
  let toCome = countValid(values.subarray(start));
  const stride = Math.max(1, Math.ceil(toCome / MAX_ORIGINS));
  for (let next = start; next < length; next++) {
    if (!Number.isNaN(values[next] as number)) {
      toCome--;
      if (toCome % stride === 0) lookAhead(methods, values, next, walks);
    }
    for (const method of methods) method.update(values[next] as number);
  }
  return walks;
}

function lookAhead(
  methods: readonly FittedMethod[],
  values: Float64Array,
  next: number,
  walks: readonly HorizonWalk[],
): void {
  for (let index = 0; index < walks.length; index++) {
    const { horizon, actual, age, predicted } = walks[index] as HorizonWalk;
    const target = next + horizon - 1;
    if (target >= values.length) return;
    const actualValue = values[target] as number;
    if (Number.isNaN(actualValue)) continue;
    actual.push(actualValue);
    age.push(values.length - 1 - target);
    for (let member = 0; member < methods.length; member++) {
      predicted.push((methods[member] as FittedMethod).at(horizon));
    }
  }
}
