/**
 * Centred moving average: the mean of the `window` values around each value. Gaps (`NaN`) are left
 * out; where all values are gaps the mean is `NaN`. For an even window it is the mean of the two
 * most central windows.
 *
 * At the ends, where half a window is missing, the average continues as a straight line with its
 * mean slope. `window` is at most the length. O(length).
 * https://otexts.com/fpp3/moving-averages.html
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
  const meanFrom = (wanted: number): number => {
    const from = Math.max(0, Math.min(length - window, wanted));
    const sum = (sums[from + window] as number) - (sums[from] as number);
    return sum / ((counts[from + window] as number) - (counts[from] as number));
  };
  const half = window >> 1;
  const averages = new Float64Array(length);
  for (let index = 0; index < length; index++) {
    const left = meanFrom(index - half);
    averages[index] = window % 2 === 1 ? left : (left + meanFrom(index - half + 1)) / 2;
  }
  continueStraight(averages, half);
  return averages;
}

/**
 * Replaces the first and last `few` averages by straight lines with the mean slope of the others.
 */
function continueStraight(averages: Float64Array, few: number): void {
  const last = averages.length - 1 - few;
  const atFirst = averages[few] as number;
  const atLast = averages[last] as number;
  const slope = (atLast - atFirst) / (last - few);
  if (last <= few || Number.isNaN(slope)) return;
  for (let away = 1; away <= few; away++) {
    averages[few - away] = atFirst - slope * away;
    averages[last + away] = atLast + slope * away;
  }
}
