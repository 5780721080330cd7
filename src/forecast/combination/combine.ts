import { WeightedMedian } from "../../math/weighted-median.ts";
import type { HorizonErrors } from "../backtest/errors.ts";
import type { HorizonWalk } from "../backtest/horizon-tests.ts";
import { testedHorizons } from "../backtest/origins.ts";
import { walk } from "../backtest/walk.ts";
import type { FittedMethod } from "../method.ts";
import { SeenRange } from "../regimes/seen-range.ts";
import { Combined } from "./combined.ts";
import { newestOf } from "./known-distances.ts";
import { type MemberPrior, memberWeights } from "./member-weights.ts";
import { followedMembers } from "./members.ts";

/** Several methods as one, with their weights at each horizon and their combined errors. */
export interface Combination {
  readonly fitted: FittedMethod;
  readonly weights: readonly Float64Array[];
  /** Out-of-sample errors, by ascending horizon. */
  readonly errors: readonly HorizonErrors[];
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
 */
export function combine(members: readonly WeighedMethod[], path: TestedPath): Combination {
  const methods = members.map(({ method }) => method);
  const walks = walk(methods, path.values, path.start, path.horizonSteps);
  const priors = members.map(({ method, prior, expectedRatio }) => ({
    prior: prior * (method.weightFactor ?? 1),
    expectedRatio,
  }));
  const forecastAt = (member: number, horizon: number): number =>
    (methods[member] as FittedMethod).at(horizon);
  const seen = new SeenRange();
  for (let index = 0; index < path.values.length; index++) seen.take(path.values[index] as number);
  const hasSeen = (value: number): boolean => seen.contains(value);
  const weights = memberWeights(walks, priors, { newest: newestOf(path.values), hasSeen, forecastAt });
  const combined = { horizons: testedHorizons(path.values.length, path.horizonSteps), weights };
  const state = followedMembers.stateOf(methods, path.values, Combined.widthsOf(combined));
  return {
    fitted: new Combined(followedMembers, state, combined, seen),
    weights,
    errors: combinedErrors(walks, weights),
  };
}

/** The errors of the combination at each horizon and origin. */
function combinedErrors(walks: readonly HorizonWalk[], weights: readonly Float64Array[]): HorizonErrors[] {
  const median = new WeightedMedian(weights[0]?.length ?? 0);
  const all = new Float64Array(walks.reduce((sum, { actual }) => sum + actual.length, 0));
  let end = 0;
  return walks.map(({ horizon, actual, age, predicted }, index) => {
    const errors = all.subarray(end, end + actual.length);
    end += actual.length;
    subtractMedians({ actual, predicted }, { weights: weights[index] as Float64Array, median }, errors);
    return { horizon, errors, age };
  });
}

/** Each actual value minus the weighted median of its forecasts. */
function subtractMedians(
  { actual, predicted }: Pick<HorizonWalk, "actual" | "predicted">,
  { weights, median }: { readonly weights: Float64Array; readonly median: WeightedMedian },
  errors: Float64Array,
): void {
  const size = weights.length;
  for (let origin = 0; origin < actual.length; origin++)
    errors[origin] = (actual[origin] as number) - median.of(predicted, weights, origin * size);
}
