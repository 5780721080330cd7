/** The sums and the counts of the values before each index, from which windows are averaged. */
export class RunningSums {
  readonly #length: number;
  readonly #sums: Float64Array;
  readonly #counts: Float64Array;

  /** @param values `NaN` for gaps. */
  constructor(values: Float64Array) {
    const length = values.length;
    this.#length = length;
    this.#sums = new Float64Array(length + 1);
    this.#counts = new Float64Array(length + 1);
    for (let index = 0; index < length; index++) {
      const value = values[index] as number;
      const valid = !Number.isNaN(value);
      this.#sums[index + 1] = (this.#sums[index] as number) + (valid ? value : 0);
      this.#counts[index + 1] = (this.#counts[index] as number) + (valid ? 1 : 0);
    }
  }

  /**
   * Centred moving average: the mean of the `window` values around each value. Gaps are left out;
   * where all values are gaps the mean is `NaN`. For an even window it is the mean of the two most
   * central windows.
   *
   * At the ends, where half a window is missing, the average continues as a straight line with its
   * mean slope. `window` is at most the length. O(length).
   * https://otexts.com/fpp3/moving-averages.html
   */
  centredAverage(window: number): Float64Array {
    const means = this.#meansOf(window);
    const last = means.length - 1;
    const half = window >> 1;
    const averages = new Float64Array(this.#length);
    for (let index = 0; index < averages.length; index++) {
      const from = index - half;
      const left = means[Math.max(0, Math.min(last, from))] as number;
      averages[index] =
        window % 2 === 1 ? left : (left + (means[Math.max(0, Math.min(last, from + 1))] as number)) / 2;
    }
    continueStraight(averages, half);
    return averages;
  }

  /** The mean of each window, by its first index. */
  #meansOf(window: number): Float64Array {
    const means = new Float64Array(this.#length - window + 1);
    for (let from = 0; from < means.length; from++) {
      const sum = (this.#sums[from + window] as number) - (this.#sums[from] as number);
      means[from] = sum / ((this.#counts[from + window] as number) - (this.#counts[from] as number));
    }
    return means;
  }
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
