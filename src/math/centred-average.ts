/**
 * Mean of the `window` values around each value, gaps (`NaN`) left out; towards the ends the window stays whole and is no longer
 * centred. Where it holds gaps only the mean is `NaN`. `window` is at most the length. Linear in the length.
 */
export function centredAverage(values: Float64Array, window: number): Float64Array {
  const length = values.length;
  const sums = new Float64Array(length + 1);
  const counts = new Float64Array(length + 1);
  for (let index = 0; index < length; index++) {
    const value = values[index] as number;
    const valid = !Number.isNaN(value);
    sums[index + 1] = (sums[index] as number) + (valid ? value : 0);
    counts[index + 1] = (counts[index] as number) + (valid ? 1 : 0);
  }
  const averages = new Float64Array(length);
  for (let index = 0; index < length; index++) {
    const from = Math.max(0, Math.min(length - window, Math.round(index - window / 2)));
    const to = from + window;
    const sum = (sums[to] as number) - (sums[from] as number);
    averages[index] = sum / ((counts[to] as number) - (counts[from] as number));
  }
  return averages;
}
