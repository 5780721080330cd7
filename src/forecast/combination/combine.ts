import { WeightedMedian } from "../../math/weighted-median.ts";
import type { HorizonErrors } from "../backtest/errors.ts";
import type { HorizonWalk } from "../backtest/horizon-tests.ts";
import { testedHorizons } from "../backtest/origins.ts";
import { walk } from "../backtest/walk.ts";
import type { FactorsByHorizon, FittedMethod } from "../method.ts";
import { SeenRange } from "../regimes/seen-range.ts";
import { Combined } from "./combined.ts";
import type { Evidence, Judge } from "./evidence.ts";
import { newestOf } from "./known-distances.ts";
import { type MemberPrior, memberWeights } from "./member-weights.ts";
import { followedMembers } from "./members.ts";

/** Several methods as one, with their weights at each horizon and their combined errors. */
export interface Combination {
  readonly fitted: FittedMethod;
  readonly weights: readonly Float64Array[];
  /** Out-of-sample errors, by ascending horizon. */
  readonly errors: readonly HorizonErrors[];
  /** How much wider than its errors the intervals are. Absent: as wide. */
  readonly widening?: FactorsByHorizon | undefined;
}

/** A method that has seen the values before the first origin, and what is known of it. */
export interface WeighedMethod extends MemberPrior {
  readonly method: FittedMethod;
}

/** The values to run through, which have single precision, from which origin on, and how far ahead. */
export interface TestedPath {
  readonly values: Float64Array;
  readonly start: number;
  readonly horizonSteps: number;
}

/**
 * Runs the members of `auto`, which have seen the values before `start`, through the rest, and combines
 * them at each horizon by a median that is weighted with their errors there. The first is naive. A member
 * that is in a state unknown to its backtest loses weight, and one that knows a new regime gains.
 *
 * @param judge Whether, and how, the weights differ from those by errors.
 */
export function combine(members: readonly WeighedMethod[], path: TestedPath, judge?: Judge): Combination {
  const methods = members.map(({ method }) => method);
  const seen = new SeenRange();
  for (let index = 0; index < path.values.length; index++) seen.take(path.values[index] as number);
  const evidence = evidenceOf(members, path, seen);
  const judgement = judge?.(evidence);
  const { weights } = judgement ?? evidence;
  const horizons = judgement?.horizons ?? testedHorizons(path.values.length, path.horizonSteps);
  const combined = { horizons, weights, testedSteps: evidence.walks.at(-1)?.horizon as number };
  const row = followedMembers.rowOf(methods, path.values, Combined.widthOf(combined));
  return {
    fitted: new Combined(followedMembers, row, combined, seen),
    weights,
    errors: combinedErrors(evidence.walks, weights),
    widening: judgement,
  };
}

/** Leaves the members at the end of the values. */
function evidenceOf(members: readonly WeighedMethod[], path: TestedPath, seen: SeenRange): Evidence {
  const { values, horizonSteps } = path;
  const methods = members.map(({ method }) => method);
  const walks = walk(methods, values, path.start, horizonSteps);
  const priors = members.map(({ method: { weightFactor = 1 }, prior, expectedRatio }) => ({
    prior: prior * weightFactor,
    expectedRatio,
    knowsChange: weightFactor > 1,
  }));
  const forecastAt = (member: number, horizon: number): number =>
    (methods[member] as FittedMethod).at(horizon);
  const hasSeen = (value: number): boolean => seen.contains(value);
  const weighed = memberWeights(walks, priors, { newest: newestOf(values), hasSeen, forecastAt });
  return { values, horizonSteps, walks, ...weighed, forecastAt };
}

/** The errors of the combination at each horizon and origin. */
function combinedErrors(walks: readonly HorizonWalk[], weights: readonly Float64Array[]): HorizonErrors[] {
  const all = new Float64Array(walks.reduce((sum, { actual }) => sum + actual.length, 0));
  let end = 0;
  return walks.map((walked, index) => {
    const { horizon, actual, age } = walked;
    const errors = all.subarray(end, end + actual.length);
    end += actual.length;
    subtractMedians(walked, weights[index] as Float64Array, errors);
    return { horizon, errors, age };
  });
}

// Scratch: the members with weight at one horizon, their weights, and what they said at one origin.
let voices = new Uint8Array(0);
let heard = new Float64Array(0);
let said = new Float64Array(0);

/** Each actual value minus the weighted median of its forecasts. Members without weight are left out. */
function subtractMedians(
  { actual, predicted }: Pick<HorizonWalk, "actual" | "predicted">,
  weights: Float64Array,
  errors: Float64Array,
): void {
  const count = takeVoices(weights);
  const median = new WeightedMedian(count);
  for (let origin = 0; origin < actual.length; origin++) {
    const first = origin * weights.length;
    for (let voice = 0; voice < count; voice++)
      said[voice] = predicted[first + (voices[voice] as number)] as number;
    errors[origin] = (actual[origin] as number) - median.of(said, heard);
  }
}

/** Writes who has weight, and how much. Returns how many they are. */
function takeVoices(weights: Float64Array): number {
  if (voices.length < weights.length) {
    voices = new Uint8Array(weights.length);
    heard = new Float64Array(weights.length);
    said = new Float64Array(weights.length);
  }
  let count = 0;
  for (let member = 0; member < weights.length; member++) {
    const weight = weights[member] as number;
    if (!(weight > 0)) continue;
    voices[count] = member;
    heard[count++] = weight;
  }
  return count;
}
