import type { HorizonWalk } from "../backtest/walk.ts";

/** How sharply weight falls with error: twice the error counts a thirty-second. */
const SHARPNESS = 5;
/** Origins below which a horizon's own evidence is too thin. */
const MIN_ORIGINS = 12;
/** Keeps a member without any error from dividing by nothing; values are of the order of 1. */
const NEGLIGIBLE_ERROR = 1e-12;

/**
 * The weight of each member at each horizon: its mean absolute error there over that of the best, to the power of minus 5, times its
 * prior. A horizon that was tested too seldom has the weights of the one before.
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

function weightsOf({ actual, said }: HorizonWalk, priors: readonly number[]): Float64Array {
  const size = priors.length;
  const errors = new Float64Array(size);
  for (let origin = 0; origin < actual.length; origin++) {
    const came = actual[origin] as number;
    for (let member = 0; member < size; member++) {
      (errors[member] as number) += Math.abs(came - (said[origin * size + member] as number));
    }
  }
  const least = Math.min(...errors) + NEGLIGIBLE_ERROR * actual.length;
  return errors.map(
    (error, member) =>
      (priors[member] as number) * ((error + NEGLIGIBLE_ERROR * actual.length) / least) ** -SHARPNESS,
  );
}
