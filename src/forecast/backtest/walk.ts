import { countValid } from "../gaps.ts";
import type { FittedMethod } from "../method.ts";
import { horizonGrid } from "./horizon-grid.ts";

/** Origins of one backtest: enough for a quantile, few enough to stay cheap. */
const MAX_ORIGINS = 150;
/** A horizon can be tested when the history is at least this many times as long. */
const LENGTH_PER_HORIZON = 3;

/** What methods said on their way through a series of what lay ahead, and what came, at one number of steps ahead. */
export interface HorizonWalk {
  readonly horizon: number;
  /** What came, one for each origin that has something to compare with. */
  readonly actual: number[];
  /** How many points ago that was. */
  readonly age: number[];
  /** What was said: all methods at the first origin, then all at the second, and so on. */
  readonly said: number[];
}

/**
 * Rolling origin: methods that have seen the values before `start` walk through the rest point by point and forecast on the way, before
 * points that are no gaps, so that there are errors one step ahead, all of them out of sample. Leaves the methods at the end of the series. https://otexts.com/fpp3/tscv.html
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
    (horizon): HorizonWalk => ({ horizon, actual: [], age: [], said: [] }),
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
    const { horizon, actual, age, said } = walks[index] as HorizonWalk;
    const target = next + horizon - 1;
    if (target >= values.length) return;
    const came = values[target] as number;
    if (Number.isNaN(came)) continue;
    actual.push(came);
    age.push(values.length - 1 - target);
    for (let member = 0; member < methods.length; member++) {
      said.push((methods[member] as FittedMethod).at(horizon));
    }
  }
}
