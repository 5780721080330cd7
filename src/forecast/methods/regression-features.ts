/** Weights of the averages, from the last value itself to a long memory, from which the others are measured. */
const SMOOTHINGS = [1, 0.5, 0.25, 0.12, 0.06, 0.02];

/**
 * What a regression knows at a point: how far the quick averages and the middle of the series lie from the slow average, and how far
 * the value lay from it a whole number of seasons before the point that is forecast. Constant time a point.
 */
export class RegressionFeatures {
  readonly #averages = new Float64Array(SMOOTHINGS.length).fill(Number.NaN);
  readonly #middle: number;
  /** Deviations from the slow average over the last season; one that isn't known is 0. */
  readonly #season: Float64Array;
  #next = 0;

  constructor(middle: number, period: number) {
    this.#middle = middle;
    this.#season = new Float64Array(period);
  }

  update(value: number): void {
    const averages = this.#averages;
    if (!Number.isNaN(value)) {
      for (let index = 0; index < averages.length; index++) {
        const before = averages[index] as number;
        averages[index] = Number.isNaN(before)
          ? value
          : before + (SMOOTHINGS[index] as number) * (value - before);
      }
    }
    if (this.#season.length > 0) {
      this.#season[this.#next] = Number.isNaN(value) ? 0 : value - this.slow;
      this.#next = (this.#next + 1) % this.#season.length;
    }
  }

  /** The slow average: what forecasts are measured from. */
  get slow(): number {
    return this.#averages[SMOOTHINGS.length - 1] as number;
  }

  /** The features of a forecast so many steps ahead. */
  towards(steps: number): Float64Array {
    const { slow } = this;
    const quick = SMOOTHINGS.length - 1;
    const features = new Float64Array(quick + 2);
    for (let index = 0; index < quick; index++) features[index] = (this.#averages[index] as number) - slow;
    features[quick] = this.#middle - slow;
    const period = this.#season.length;
    if (period > 0) features[quick + 1] = this.#season[(this.#next + steps - 1) % period] as number;
    return features;
  }
}
