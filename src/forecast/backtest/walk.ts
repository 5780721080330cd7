import type { FittedMethod } from "../method.ts";
import { HorizonTests, type HorizonWalk } from "./horizon-tests.ts";
import { KnownSeries } from "./known-series.ts";

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
): readonly HorizonWalk[] {
  const tests = new HorizonTests(values, start, horizonSteps, methods.length);
  const series = new KnownSeries(values);
  const forecasts = new Float64Array(tests.origins.length);
  // One method after the other: what it is made of stays in the cache.
  for (const [member, method] of methods.entries()) {
    if (method.runThrough !== undefined) {
      method.runThrough(series, tests.origins, forecasts);
      for (let origin = 0; origin < forecasts.length; origin++)
        tests.keepConstant(member, origin, forecasts[origin] as number);
    } else stepThrough(method, member, { values, start, tests });
  }
  return tests.walks;
}

function stepThrough(
  method: FittedMethod,
  member: number,
  { values, start, tests }: { values: Float64Array; start: number; tests: HorizonTests },
): void {
  const { horizons, origins } = tests;
  const forecasts = new Float64Array(horizons.length);
  let next = start;
  for (let origin = 0; origin < origins.length; origin++) {
    takeAll(method, values, next, origins[origin] as number);
    next = origins[origin] as number;
    if (method.isConstant === true) tests.keepConstant(member, origin, method.at(1));
    else {
      forecastAt(method, horizons, forecasts);
      tests.keep(member, origin, forecasts);
    }
  }
  takeAll(method, values, next, values.length);
}

function takeAll(method: FittedMethod, values: Float64Array, from: number, to: number): void {
  if (method.takeAll !== undefined) method.takeAll(values, from, to);
  else for (let index = from; index < to; index++) method.update(values[index] as number);
}

function forecastAt(method: FittedMethod, horizons: readonly number[], into: Float64Array): void {
  if (method.forecastAt !== undefined) method.forecastAt(horizons, into);
  else
    for (let column = 0; column < horizons.length; column++)
      into[column] = method.at(horizons[column] as number);
}
