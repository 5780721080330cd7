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
  readonly actual: Float64Array;
  /** How many points ago each of them was. */
  readonly age: Int32Array;
  /** The forecasts: those of all methods at the first origin, then at the second, and so on. */
  readonly predicted: Float64Array;
}

/** The forecasts of one horizon, and the index of the origin of each. */
interface HorizonTest extends HorizonWalk {
  readonly origins: Int32Array;
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
  const longest = Math.max(1, Math.min(horizonSteps, Math.floor(values.length / LENGTH_PER_HORIZON)));
  const origins = originsOf(values, start);
  const tests = horizonGrid(longest).map((horizon) => testAt(horizon, origins, values, methods.length));
  // One method after the other: what it is made of stays in the cache.
  for (const [member, method] of methods.entries()) runThrough(method, member, methods.length);
  return tests;

  function runThrough(method: FittedMethod, member: number, size: number): void {
    const done = new Int32Array(tests.length);
    let origin = 0;
    for (let next = start; next < values.length; next++) {
      if (origins[origin] === next) {
        lookAhead(method, next, member, size, done);
        origin++;
      }
      method.update(values[next] as number);
    }
  }

  function lookAhead(
    method: FittedMethod,
    next: number,
    member: number,
    size: number,
    done: Int32Array,
  ): void {
    const constant = method.isConstant === true ? method.at(1) : undefined;
    for (let index = 0; index < tests.length; index++) {
      const { horizon, origins, predicted } = tests[index] as HorizonTest;
      const place = done[index] as number;
      if (origins[place] !== next) continue;
      predicted[place * size + member] = constant ?? method.at(horizon);
      done[index] = place + 1;
    }
  }
}

/** The indices of the points that are forecast one step ahead. */
function originsOf(values: Float64Array, start: number): Int32Array {
  let toCome = countValid(values.subarray(start));
  const stride = Math.max(1, Math.ceil(toCome / MAX_ORIGINS));
  const origins = new Int32Array(Math.ceil(toCome / stride));
  let count = 0;
  for (let next = start; next < values.length; next++) {
    if (Number.isNaN(values[next] as number)) continue;
    toCome--;
    if (toCome % stride === 0) origins[count++] = next;
  }
  return origins;
}

/** A test without forecasts yet, from the origins whose value at this horizon is known. */
function testAt(horizon: number, origins: Int32Array, values: Float64Array, methods: number): HorizonTest {
  const known = new Int32Array(origins.length);
  const actual = new Float64Array(origins.length);
  const age = new Int32Array(origins.length);
  let count = 0;
  for (let index = 0; index < origins.length; index++) {
    const target = (origins[index] as number) + horizon - 1;
    if (target >= values.length) break;
    if (Number.isNaN(values[target] as number)) continue;
    known[count] = origins[index] as number;
    actual[count] = values[target] as number;
    age[count] = values.length - 1 - target;
    count++;
  }
  return {
    horizon,
    actual: actual.subarray(0, count),
    age: age.subarray(0, count),
    origins: known.subarray(0, count),
    predicted: new Float64Array(count * methods),
  };
}
