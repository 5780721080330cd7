import type { HorizonWalk } from "../backtest/walk.ts";

/** The power of the error in a weight: twice the error gives a thirty-second of the weight. */
const SHARPNESS = 5;
/** A horizon with fewer origins has too little evidence of its own. */
const MIN_ORIGINS = 12;
/** Prevents a division by 0 for a member without errors; values are of the order of 1. */
const NEGLIGIBLE_ERROR = 1e-12;

/**
 * The weight of each member at each horizon: its mean absolute error relative to the best, to the
 * power of minus 5, times its prior. A horizon with too few origins has the weights of the one
 * before.
 */
export function memberWeights(walks: readonly HorizonWalk[], priors: readonly number[]): Float64Array[] {
  const weights: Float64Array[] = [];
  for (const walked of walks) {
    const before = weights.at(-1);
    const thin = walked.actual.length < MIN_ORIGINS;
    weights.push(thin && before !== undefined ? before : weightsOf(walked, priors));
  }
  return weights;
}

function weightsOf({ actual, predicted }: HorizonWalk, priors: readonly number[]): Float64Array {
  const size = priors.length;
  const errors = new Float64Array(size);
  for (let origin = 0; origin < actual.length; origin++) {
    const actualValue = actual[origin] as number;
    for (let member = 0; member < size; member++) {
      (errors[member] as number) += Math.abs(actualValue - (predicted[origin * size + member] as number));
    }
  }
  const least = Math.min(...errors) + NEGLIGIBLE_ERROR * actual.length;
  return errors.map(
    (error, member) =>
      (priors[member] as number) * ((error + NEGLIGIBLE_ERROR * actual.length) / least) ** -SHARPNESS,
  );
}
