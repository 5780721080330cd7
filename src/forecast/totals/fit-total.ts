import type { History } from "../../core/history.ts";
import { combine } from "../combination/combine.ts";
import type { FittedForecaster } from "../method.ts";
import { findSeasons } from "../seasons/find-seasons.ts";
import { Drift } from "./drift.ts";
import { bridgeGaps, RunningTotal } from "./running-total.ts";
import { SeasonalUse } from "./seasonal-use.ts";

/** Points that the members may see before they are judged. */
const MAX_WARM_UP_POINTS = 24;
/** Steps that drifts look back over, each four times the one before; the last over all of them. */
const WINDOWS_STEPS = [6, 24, 96, 384, 1536, Number.POSITIVE_INFINITY];

/**
 * `auto` of a running total: takes the seasons off what is used in each step, lets drifts of short to long memory walk through the total of
 * what is left, and combines them as `fitAuto` does. A median forecast of each step would not do, since what is used
 * in bursts adds up to its mean. Needs a history that begins with a valid point.
 */
export function fitTotal(
  history: History & { readonly values: Float64Array },
  horizonSteps: number,
): FittedForecaster {
  const total = bridgeGaps(history.values);
  const seasons = findSeasons({ ...history, values: usedInEachStep(total) });
  const adjusted = runningTotal(seasons.adjusted);
  const start = Math.max(1, Math.min(MAX_WARM_UP_POINTS, adjusted.length >> 2));
  const members = WINDOWS_STEPS.map((window) => ({
    method: drifted(window, adjusted.subarray(0, start)),
    prior: 1,
  }));
  const { fitted, weights, errors } = combine(members, { values: adjusted, start, horizonSteps }, Infinity);
  const last = total.at(-1) as number;
  const withSeasons = new SeasonalUse(fitted, seasons.patterns, last, adjusted.at(-1) as number);
  return {
    description: describe(weights, seasons.patterns),
    fitted: new RunningTotal(withSeasons, {
      last,
      gap: history.values.length - total.length,
      seen: history.values.length,
    }),
    testedFrom: start,
    errors,
  };
}

function drifted(window: number, values: Float64Array): Drift {
  const drift = new Drift(window);
  for (const value of values) drift.update(value);
  return drift;
}

/** What was used before the first point is not known: as much as in the step after it. */
function usedInEachStep(total: Float64Array): Float64Array {
  const used = total.map((value, index) => value - (total[Math.max(0, index - 1)] as number));
  if (used.length > 1) used[0] = used[1] as number;
  return used;
}

function runningTotal(used: Float64Array): Float64Array {
  let sum = 0;
  return used.map((value) => (sum += value));
}

/** For example `auto: drift(96), season 144`: the window that counts most half-way, and the periods. */
function describe(
  weights: readonly Float64Array[],
  patterns: readonly { readonly period: number }[],
): string {
  const middle = weights[weights.length >> 1] as Float64Array;
  const window = WINDOWS_STEPS[middle.indexOf(Math.max(...middle))] as number;
  const season = patterns.length > 0 ? `, season ${patterns.map(({ period }) => period).join(" + ")}` : "";
  return `auto: ${Number.isFinite(window) ? `drift(${window})` : "drift"}${season}`;
}
