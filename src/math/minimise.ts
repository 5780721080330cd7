const INVERSE_GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/**
 * Golden-section search: the argument in [from, to] at which a function with one valley is least, to within
 * `tolerance`. Where there are several valleys it finds one of them. Each step shortens the bracket by 1.618.
 * https://en.wikipedia.org/wiki/Golden-section_search
 */
export function minimise(
  objective: (argument: number) => number,
  from: number,
  to: number,
  tolerance: number,
): number {
  let low = from;
  let high = to;
  let left = high - (high - low) * INVERSE_GOLDEN_RATIO;
  let right = low + (high - low) * INVERSE_GOLDEN_RATIO;
  let atLeft = objective(left);
  let atRight = objective(right);
  while (high - low > tolerance) {
    if (atLeft <= atRight) {
      high = right;
      right = left;
      atRight = atLeft;
      left = high - (high - low) * INVERSE_GOLDEN_RATIO;
      atLeft = objective(left);
    } else {
      low = left;
      left = right;
      atLeft = atRight;
      right = low + (high - low) * INVERSE_GOLDEN_RATIO;
      atRight = objective(right);
    }
  }
  return (low + high) / 2;
}
