import type { History } from "../core/history.ts";
import { combine } from "./combination/combine.ts";
import type { Judge } from "./combination/evidence.ts";
import { members } from "./combination/members.ts";
import { AUTO } from "./fit-options.ts";
import { countValid, indexAfterValid } from "./gaps.ts";
import type { SeriesFacts } from "./gate/series-inputs.ts";
import type { FittedForecaster } from "./method.ts";
import { SeenRange } from "./regimes/seen-range.ts";
import { findSeasons, type Seasons } from "./seasons/find-seasons.ts";
import { FollowedSeasons } from "./seasons/followed-seasons.ts";
import { SeasonallyAdjusted } from "./seasons/seasonally-adjusted.ts";

/** The maximum number of points that members see before they are tested. */
const MAX_WARM_UP_POINTS = 24;
const memberNames = members.map(({ method, parameters }) =>
  parameters.window === undefined ? method.name : `${method.name}(${parameters.window})`,
);

/** How the members are weighed, and what the selection is called. */
export interface AutoOptions {
  /** Default: `auto`. */
  readonly name?: string;
  /** Sets the weights. Absent: they are those by errors. */
  readonly judge?: ((facts: SeriesFacts) => Judge) | undefined;
}

/**
 * `auto`. It removes the seasons, runs a set of methods through the rest, and combines them at each
 * horizon by a median that is weighted with their errors there. Seasons are cross-fitted and
 * members have no fitted parameters, so the errors are out of sample. Needs a history that begins
 * with a valid point.
 */
export function fitAuto(
  history: History,
  horizonSteps: number,
  { name = AUTO, judge }: AutoOptions = {},
): FittedForecaster {
  const seasons = findSeasons(history);
  const { patterns } = seasons;
  // What the combination stores of a series has single precision.
  const adjusted = new Float64Array(new Float32Array(seasons.adjusted));
  const warmUp = Math.min(MAX_WARM_UP_POINTS, countValid(adjusted) >> 2);
  const start = indexAfterValid(adjusted, Math.max(1, warmUp));
  const seen = { ...history, values: adjusted.subarray(0, start) };
  const periods = patterns.map(({ period }) => period);
  const { fitted, weights, errors, widening } = combine(
    members.map(({ method, parameters, ...known }) => ({
      method: method.fit(seen, parameters),
      ...known,
    })),
    { values: adjusted, start, horizonSteps },
    judge?.({ stepSeconds: history.stepSeconds, periods, horizonSteps }),
  );
  const withSeasons =
    patterns.length === 0 ? undefined : new SeasonallyAdjusted(fitted, patterns, rangeOf(history.values));
  return {
    description: describe(name, weights, seasons),
    fitted: withSeasons ?? fitted,
    testedFrom: start,
    errors,
    widening,
    seasons: new FollowedSeasons(history, withSeasons),
  };
}

function rangeOf(values: History["values"]): SeenRange {
  const seen = new SeenRange();
  for (let index = 0; index < values.length; index++) seen.take(values[index] as number);
  return seen;
}

/**
 * For example `auto: moving-median(9) + damped-holt, season 288 + 12`: the members with the largest
 * weights at the middle horizon, and the periods.
 */
function describe(name: string, weights: readonly Float64Array[], { patterns }: Seasons): string {
  const middle = weights[weights.length >> 1] as Float64Array;
  const first = heaviestName(middle, undefined);
  const season = patterns.length > 0 ? `, season ${patterns.map(({ period }) => period).join(" + ")}` : "";
  return shared(`${name}: ${first} + ${heaviestName(middle, first)}${season}`);
}

/** There are few descriptions, and thousands of series that have them. */
const descriptions = new Map<string, string>();
/** Beyond these, descriptions are not shared: series may have any seasons. */
const MOST_SHARED = 10_000;

function shared(description: string): string {
  const known = descriptions.get(description);
  if (known === undefined && descriptions.size < MOST_SHARED) descriptions.set(description, description);
  return known ?? description;
}

/** The name of the member with the largest weight that has another name than this one. */
function heaviestName(weights: Float64Array, other: string | undefined): string | undefined {
  let heaviest: number | undefined;
  for (let member = 0; member < weights.length; member++) {
    if (memberNames[member] === other) continue;
    if (heaviest === undefined || (weights[member] as number) > (weights[heaviest] as number))
      heaviest = member;
  }
  return memberNames[heaviest ?? 0];
}
