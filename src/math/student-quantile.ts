import { probit } from "simple-statistics";

/**
 * Quantile of Student's t distribution, by the Cornish-Fisher expansion about the normal quantile.
 * From three degrees of freedom on, and for probabilities from 0.1 to 0.9, it is within 0.3 %.
 * Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5:
 * https://personal.math.ubc.ca/~cbm/aands/page_949.htm
 */
export function studentQuantile(probability: number, degreesOfFreedom: number): number {
  const z = probit(probability);
  const n = degreesOfFreedom;
  return (
    z +
    (z ** 3 + z) / (4 * n) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * n ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * n ** 3)
  );
}
