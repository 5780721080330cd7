import { WeightedMedian } from "../../math/weighted-median.ts";
import type { HorizonErrors } from "../backtest/errors.ts";
import { type HorizonWalk, walk } from "../backtest/walk.ts";
import type { FittedMethod } from "../method.ts";
import { Combined } from "./combined.ts";
import { memberWeights } from "./member-weights.ts";

/** Several methods as one, with their weights at each horizon and their combined errors. */
export interface Combination {
  readonly fitted: FittedMethod;
  readonly weights: readonly Float64Array[];
  /** Out-of-sample errors, by ascending horizon. */
  readonly errors: readonly HorizonErrors[];
}

/**
 * Runs methods that have seen the values before `start` through the rest, and combines them at each
 * horizon by a median that is weighted with their errors there.
 *
 * @param reach A trend is trusted up to this many times the longest tested horizon.
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
    members.map(({ prior, method }) => prior * ((method as any).boost ?? 1)),
    reach === undefined ? (horizon) => ({ recent: recentOf(path.values), last: path.values.findLast((v) => !Number.isNaN(v)) as number, forecasts: Float64Array.from(methods, (m) => m.at(horizon)) }) : undefined,
  );
  const horizons = walks.map(({ horizon }) => horizon);
  return {
    fitted: new Combined(methods, horizons, weights, reach),
    weights,
    errors: walks.map((walked, index) => combinedErrors(walked, weights[index] as Float64Array)),
  };
}

/** The errors of the combination at each origin. */
function combinedErrors(
  { horizon, actual, age, predicted }: HorizonWalk,
  weights: Float64Array,
): HorizonErrors {
  const size = weights.length;
  const forecasts = new Float64Array(size);
  const median = new WeightedMedian(size);
  const errors = new Array<number>(actual.length);
  for (let origin = 0; origin < actual.length; origin++) {
    for (let member = 0; member < size; member++)
      forecasts[member] = predicted[origin * size + member] as number;
    errors[origin] = (actual[origin] as number) - median.of(forecasts, weights);
  }
  return { horizon, errors, age };
}

function recentOf(values: Float64Array): Float64Array {
  const known = values.filter((v) => !Number.isNaN(v));
  let same = 0; for (let i = 1; i < known.length - 1; i++) if (known[i] === known[i - 1]) same++;
  const held = same / Math.max(1, known.length - 2) >= Number((globalThis as any).process?.env?.HELD ?? 1);
  return known.slice(-(held ? 1 : 2));
}
