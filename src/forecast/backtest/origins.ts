import { countValid } from "../gaps.ts";
import { horizonGrid } from "./horizon-grid.ts";

/** The maximum number of origins of a backtest: enough for quantiles, few enough to be fast. */
const MAX_ORIGINS = 150;
/** A horizon is tested when the history is at least this many times as long. */
const LENGTH_PER_HORIZON = 3;

/** The horizons that a history of this length can test, in steps. */
export function testedHorizons(length: number, horizonSteps: number): readonly number[] {
  return horizonGrid(Math.max(1, Math.min(horizonSteps, Math.floor(length / LENGTH_PER_HORIZON))));
}

/**
 * The indices of the points that are forecast one step ahead: evenly spaced, up to the newest. They
 * are no gaps.
 */
export function originsOf(values: Float64Array, start: number): Int32Array {
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
