import { WeightedMedian } from "../../math/weighted-median.ts";
import type { HorizonErrors } from "../backtest/errors.ts";
import { type HorizonWalk, walk } from "../backtest/walk.ts";
import type { FittedMethod } from "../method.ts";
import { Combined } from "./combined.ts";
import { memberWeights } from "./member-weights.ts";

/** Several methods as one, with the weights that they have at each horizon and how they would have fared together. */
export interface Combination {
  readonly fitted: FittedMethod;
  readonly weights: readonly Float64Array[];
  /** Out-of-sample errors by horizon, ascending. */
  readonly errors: readonly HorizonErrors[];
}

/**
 * Lets methods that have seen the values before `start` walk through the rest, and combines them at each horizon by a median weighted with
 * how they did there. A trend is believed as far as `reach` times the longest horizon that was tested.
 */
export function combine(
  members: readonly { readonly method: FittedMethod; readonly prior: number }[],
  path: { readonly values: Float64Array; readonly start: number; readonly horizonSteps: number },
  reach?: number,
): Combination {
  const methods = members.map(({ method }) => method);
  const walks = walk(methods, path.values, path.start, path.horizonSteps);
  const weights = memberWeights(
    walks,
    members.map(({ prior }) => prior),
  );
  const horizons = walks.map(({ horizon }) => horizon);
  return {
    fitted: new Combined(methods, horizons, weights, reach),
    weights,
    errors: walks.map((walked, index) => combinedErrors(walked, weights[index] as Float64Array)),
  };
}

/** By how much the combination missed at each origin. */
function combinedErrors({ horizon, actual, age, said }: HorizonWalk, weights: Float64Array): HorizonErrors {
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
