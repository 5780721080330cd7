import { originsOf, testedHorizons } from "./origins.ts";

/**
 * The mean absolute error of the naive forecast over the origins and horizons that a walk through
 * these values tests; 0 without any. It is a walk of naive without the walk: the forecast before an
 * origin is the last value before it.
 */
export function naiveError(values: Float64Array, start: number, horizonSteps: number): number {
  const origins = originsOf(values, start);
  const forecasts = lastValuesBefore(values, origins);
  let total = 0;
  let count = 0;
  for (const horizon of testedHorizons(values.length, horizonSteps)) {
    for (let row = 0; row < origins.length; row++) {
      const target = (origins[row] as number) + horizon - 1;
      if (target >= values.length) break;
      const actual = values[target] as number;
      if (Number.isNaN(actual)) continue;
      total += Math.abs(actual - (forecasts[row] as number));
      count++;
    }
  }
  return count > 0 ? total / count : 0;
}

/** Needs values that begin with one that is no gap. */
function lastValuesBefore(values: Float64Array, origins: Int32Array): Float64Array {
  const found = new Float64Array(origins.length);
  let last = 0;
  let next = 0;
  for (let row = 0; row < origins.length; row++) {
    for (; next < (origins[row] as number); next++) {
      const value = values[next] as number;
      if (!Number.isNaN(value)) last = value;
    }
    found[row] = last;
  }
  return found;
}
