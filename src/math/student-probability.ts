/**
 * The probability that a variable of Student's t distribution is further from 0 than `t`, on either
 * side: `2 * pt(-abs(t), df)` in R. Exact, by the finite series for a whole number of degrees of
 * freedom. Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4:
 * https://personal.math.ubc.ca/~cbm/aands/page_948.htm
 *
 * O(degrees of freedom).
 *
 * @param degreesOfFreedom A whole number of at least 1.
 */
export function studentProbability(t: number, degreesOfFreedom: number): number {
  const angle = Math.atan(Math.abs(t) / Math.sqrt(degreesOfFreedom));
  const isOdd = degreesOfFreedom % 2 === 1;
  const squaredCosine = Math.cos(angle) ** 2;
  let term = isOdd ? Math.cos(angle) : 1;
  let sum = degreesOfFreedom === 1 ? 0 : term;
  for (let power = isOdd ? 3 : 2; power <= degreesOfFreedom - 2; power += 2) {
    term *= ((power - 1) / power) * squaredCosine;
    sum += term;
  }
  const inside = isOdd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
  return Math.min(1, Math.max(0, 1 - inside));
}
