/**
 * Autocorrelation of a series without gaps at the lags 0 to `longestLag`, as in R's `acf`.
 * Deviations are from the mean of the whole series; sums are divided by the length, not by the
 * number of pairs. A constant series gives 0 beyond lag 0. O(length x lags).
 * https://en.wikipedia.org/wiki/Autocorrelation#Estimation
 */
export function autocorrelation(values: Float64Array, longestLag: number): Float64Array {
  const length = values.length;
  let mean = 0;
  for (const value of values) mean += value / length;
  const deviations = values.map((value) => value - mean);
  const correlations = new Float64Array(longestLag + 1);
  for (let lag = 0; lag <= longestLag && lag < length; lag++) {
    let sum = 0;
    for (let index = lag; index < length; index++) {
      sum += (deviations[index] as number) * (deviations[index - lag] as number);
    }
    correlations[lag] = sum;
  }
  const variance = correlations[0] as number;
  const known = variance > 0 ? correlations.map((sum) => sum / variance) : correlations;
  known[0] = 1;
  return known;
}
