import type { Outlook } from "../backtest/walk.ts";

/** How sharply weight falls with error: twice the error counts a thirty-second. */
const sharpness = 5;
/** Origins below which a horizon's own evidence is too thin. */
const fewestOrigins = 12;
/** Keeps a member without any error from dividing by nothing; values are of the order of 1. */
const negligible = 1e-12;

/**
 * The weight of each member at each horizon: its mean absolute error there over that of the best, to the power of minus 5, times its
 * prior. A horizon that was tested too seldom has the weights of the one before.
 */
export function memberWeights(outlooks: readonly Outlook[], priors: readonly number[]): Float64Array[] {
  const weights: Float64Array[] = [];
  for (const outlook of outlooks) {
    const before = weights.at(-1);
    const thin = outlook.actual.length < fewestOrigins;
    weights.push(thin && before !== undefined ? before : weightsOf(outlook, priors));
  }
  return weights;
}

function weightsOf({ actual, said }: Outlook, priors: readonly number[]): Float64Array {
  const size = priors.length;
  const errors = new Float64Array(size);
  for (let origin = 0; origin < actual.length; origin++) {
    const came = actual[origin] as number;
    for (let member = 0; member < size; member++) {
      (errors[member] as number) += Math.abs(came - (said[origin * size + member] as number));
    }
  }
  const least = Math.min(...errors) + negligible * actual.length;
  return errors.map(
    (error, member) =>
      (priors[member] as number) * ((error + negligible * actual.length) / least) ** -sharpness,
  );
}
