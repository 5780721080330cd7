/**
 * Autocorrelation of a series without gaps at the lags 0 to `longestLag`, as in R's `acf`.
 * Deviations are from the mean of the whole series; sums are divided by the length, not by the
 * number of pairs. A constant series gives 0 beyond lag 0. O(length x lags).
 * https://en.wikipedia.org/wiki/Autocorrelation#Estimation
 */
export function autocorrelation(values: Float64Array, longestLag: number): Float64Array {
  const length = values.length;
  const deviations = deviationsFromMean(values);
  const correlations = new Float64Array(longestLag + 1);
  const lags = Math.min(longestLag + 1, length);
  let lag = 0;
  for (; lag + LAGS_AT_ONCE <= lags; lag += LAGS_AT_ONCE) sumFourLags(deviations, lag, correlations);
  for (; lag < lags; lag++) correlations[lag] = sumFrom(deviations, lag, lag);
  const variance = correlations[0] as number;
  if (variance > 0) {
    for (let at = 0; at < lags; at++) correlations[at] = (correlations[at] as number) / variance;
  }
  correlations[0] = 1;
  return correlations;
}

function deviationsFromMean(values: Float64Array): Float64Array {
  let mean = 0;
  for (let index = 0; index < values.length; index++) mean += (values[index] as number) / values.length;
  const deviations = new Float64Array(values.length);
  for (let index = 0; index < values.length; index++) deviations[index] = (values[index] as number) - mean;
  return deviations;
}

const LAGS_AT_ONCE = 4;

/**
 * The sums of products at a lag and the three after it. Each sum waits for its last addition: four
 * sums side by side take hardly longer than one.
 */
function sumFourLags(deviations: Float64Array, lag: number, into: Float64Array): void {
  const end = deviations.length - 3;
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  // Three of the four values that an earlier one is multiplied with are those of the step before.
  let now = deviations[lag] as number;
  let next = deviations[lag + 1] as number;
  let afterNext = deviations[lag + 2] as number;
  for (let index = lag; index < end; index++) {
    const earlier = deviations[index - lag] as number;
    const furthest = deviations[index + 3] as number;
    first += earlier * now;
    second += earlier * next;
    third += earlier * afterNext;
    fourth += earlier * furthest;
    now = next;
    next = afterNext;
    afterNext = furthest;
  }
  into[lag] = first + sumFrom(deviations, lag, end);
  into[lag + 1] = second + sumFrom(deviations, lag + 1, end + 1);
  into[lag + 2] = third + sumFrom(deviations, lag + 2, end + 2);
  into[lag + 3] = fourth;
}

/** The sum of products of the values from an index on with those `lag` before. */
function sumFrom(deviations: Float64Array, lag: number, from: number): number {
  let sum = 0;
  for (let index = from; index < deviations.length; index++)
    sum += (deviations[index] as number) * (deviations[index - lag] as number);
  return sum;
}
