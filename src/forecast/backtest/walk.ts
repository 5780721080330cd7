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
  const fast = runThrough(methods, new KnownSeries(values), tests);
  // One method after the other: what it is made of stays in the cache.
  for (let member = fast; member < methods.length; member++)
    stepThrough(methods[member] as FittedMethod, member, { values, start, tests });
  return tests.walks;
}

/** Runs the first methods through the series, as far as they know a faster way. Returns their number. */
function runThrough(methods: readonly FittedMethod[], series: KnownSeries, tests: HorizonTests): number {
  const { origins } = tests;
  let count = 0;
  while (methods[count]?.runThrough !== undefined) count++;
  const forecasts = new Float64Array(count * origins.length);
  for (let member = 0; member < count; member++) {
    const own = forecasts.subarray(member * origins.length, (member + 1) * origins.length);
    methods[member]?.runThrough?.(series, origins, own);
  }
  tests.keepConstants(count, forecasts);
  return count;
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
