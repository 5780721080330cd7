import type { History } from "../core/history.ts";
import { WeightedMedian } from "../math/weighted-median.ts";
import type { HorizonErrors } from "./backtest/errors.ts";
import { type Outlook, walk } from "./backtest/walk.ts";
import { Combined } from "./combination/combined.ts";
import { memberWeights } from "./combination/member-weights.ts";
import { members } from "./combination/members.ts";
import type { FittedForecaster } from "./fitted-forecaster.ts";
import { countValid, indexAfterValid } from "./gaps.ts";
import { findSeasons, type Seasons } from "./seasons/find-seasons.ts";
import { seasonallyAdjusted } from "./seasons/seasonally-adjusted.ts";

/** Points that the members may see before they are judged. */
const mostWarmUp = 24;
const namedMembers = 2;

/**
 * `auto`: takes the seasons off, lets a ladder of methods walk through what is left, and combines them at each horizon by a median
 * weighted with how they did there. Seasons are cross-fitted and members have nothing fitted, so the errors are out of sample. Needs
 * a history that begins with a valid point.
 */
export function fitAuto(history: History, horizonSteps: number): FittedForecaster {
  const seasons = findSeasons(history);
  const { adjusted } = seasons;
  const warmUp = Math.min(mostWarmUp, countValid(adjusted) >> 2);
  const start = indexAfterValid(adjusted, Math.max(1, warmUp));
  const seen = { ...history, values: adjusted.subarray(0, start) };
  const methods = members.map(({ method, parameters }) => method.fit(seen, parameters));
  const outlooks = walk(methods, adjusted, start, horizonSteps);
  const weights = memberWeights(
    outlooks,
    members.map(({ prior }) => prior),
  );
  const horizons = outlooks.map(({ horizon }) => horizon);
  const combined = new Combined(methods, horizons, weights);
  return {
    description: describe(weights, seasons),
    fitted: seasonallyAdjusted(combined, seasons.patterns),
    testedFrom: start,
    errors: outlooks.map((outlook, index) => combinedErrors(outlook, weights[index] as Float64Array)),
  };
}

/** By how much the combination missed at each origin. */
function combinedErrors({ horizon, actual, age, said }: Outlook, weights: Float64Array): HorizonErrors {
  const size = weights.length;
  const voices = new Float64Array(size);
  const median = new WeightedMedian(size);
  const errors = new Array<number>(actual.length);
  for (let origin = 0; origin < actual.length; origin++) {
    for (let member = 0; member < size; member++) voices[member] = said[origin * size + member] as number;
    errors[origin] = (actual[origin] as number) - median.of(voices, weights);
  }
  return { horizon, errors, age };
}

/** For example `auto: moving-median(9) + damped-holt, season 288 + 12`: the voices that count most half-way, and the periods. */
function describe(weights: readonly Float64Array[], { patterns }: Seasons): string {
  const middle = weights[weights.length >> 1] as Float64Array;
  const names = [...middle.keys()]
    .sort((a, b) => (middle[b] as number) - (middle[a] as number))
    .map(memberName);
  const season = patterns.length > 0 ? `, season ${patterns.map(({ period }) => period).join(" + ")}` : "";
  return `auto: ${[...new Set(names)].slice(0, namedMembers).join(" + ")}${season}`;
}

function memberName(index: number): string {
  const { method, parameters } = members[index] as (typeof members)[number];
  return parameters.window === undefined ? method.name : `${method.name}(${parameters.window})`;
}
