import type { History } from "../core/history.ts";
import { combine } from "./combination/combine.ts";
import { members } from "./combination/members.ts";
import { countValid, indexAfterValid } from "./gaps.ts";
import type { FittedForecaster } from "./method.ts";
import { findSeasons, type Seasons } from "./seasons/find-seasons.ts";
import { seasonallyAdjusted } from "./seasons/seasonally-adjusted.ts";

/** Points that the members may see before they are judged. */
const MAX_WARM_UP_POINTS = 24;
const NAMED_MEMBERS = 2;

/**
 * `auto`: takes the seasons off, lets a ladder of methods walk through what is left, and combines them at each horizon by a median
 * weighted with how they did there. Seasons are cross-fitted and members have nothing fitted, so the errors are out of sample. Needs
 * a history that begins with a valid point.
 */
export function fitAuto(history: History, horizonSteps: number): FittedForecaster {
  const seasons = findSeasons(history);
  const { adjusted } = seasons;
  const warmUp = Math.min(MAX_WARM_UP_POINTS, countValid(adjusted) >> 2);
  const start = indexAfterValid(adjusted, Math.max(1, warmUp));
  const seen = { ...history, values: adjusted.subarray(0, start) };
  const { fitted, weights, errors } = combine(
    members.map(({ method, parameters, prior }) => ({ method: method.fit(seen, parameters), prior })),
    { values: adjusted, start, horizonSteps },
  );
  return {
    description: describe(weights, seasons),
    fitted: seasonallyAdjusted(fitted, seasons.patterns),
    testedFrom: start,
    errors,
  };
}

/** For example `auto: moving-median(9) + damped-holt, season 288 + 12`: the voices that count most half-way, and the periods. */
function describe(weights: readonly Float64Array[], { patterns }: Seasons): string {
  const middle = weights[weights.length >> 1] as Float64Array;
  const names = [...middle.keys()]
    .sort((a, b) => (middle[b] as number) - (middle[a] as number))
    .map(memberName);
  const season = patterns.length > 0 ? `, season ${patterns.map(({ period }) => period).join(" + ")}` : "";
  return `auto: ${[...new Set(names)].slice(0, NAMED_MEMBERS).join(" + ")}${season}`;
}

function memberName(index: number): string {
  const { method, parameters } = members[index] as (typeof members)[number];
  return parameters.window === undefined ? method.name : `${method.name}(${parameters.window})`;
}
