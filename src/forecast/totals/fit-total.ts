import type { History } from "../../core/history.ts";
import { combineByErrors } from "../combination/combine.ts";
import type { FittedForecaster } from "../method.ts";
import { findSeasons } from "../seasons/find-seasons.ts";
import { Drift } from "./drift.ts";
import { bridgeGaps, RunningTotal } from "./running-total.ts";
import { SeasonalUse } from "./seasonal-use.ts";

/** The maximum number of points that members see before they are tested. */
const MAX_WARM_UP_POINTS = 24;
/** Windows of the drifts, each four times the one before; the last is the whole history. */
const WINDOWS_STEPS = [6, 24, 96, 384, 1536, Number.POSITIVE_INFINITY];

/**
 * `auto` for a running total. It removes the seasons from the use in each step, runs drifts with
 * short to long windows through the total of the rest, and combines them as `fitAuto` does. A
 * median forecast of each step would be wrong, because bursts add up to their mean. Needs a history
 * that begins with a valid point.
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
  const { fitted, weights, errors } = combineByErrors(
    members,
    { values: adjusted, start, horizonSteps },
    Number.POSITIVE_INFINITY,
  );
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

/** The use before the first point is unknown. It is set to that of the step after. */
function usedInEachStep(total: Float64Array): Float64Array {
  const used = total.map((value, index) => value - (total[Math.max(0, index - 1)] as number));
  if (used.length > 1) used[0] = used[1] as number;
  return used;
}

function runningTotal(used: Float64Array): Float64Array {
  let sum = 0;
  return used.map((value) => (sum += value));
}

/**
 * For example `auto: drift(96), season 144`: the window with the largest weight at the middle
 * horizon, and the periods.
 */
function describe(
  weights: readonly Float64Array[],
  patterns: readonly { readonly period: number }[],
): string {
  const middle = weights[weights.length >> 1] as Float64Array;
  const window = WINDOWS_STEPS[middle.indexOf(Math.max(...middle))] as number;
  const season = patterns.length > 0 ? `, season ${patterns.map(({ period }) => period).join(" + ")}` : "";
  return `auto: ${Number.isFinite(window) ? `drift(${window})` : "drift"}${season}`;
}
