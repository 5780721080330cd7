import type { FittedMethod, Method } from "../method.ts";
import { LineSums } from "./line-sums.ts";

/**
 * Ordinary least squares line through the last `window` steps (default: the whole history),
 * continued undamped, as in Prometheus' `predict_linear`. An update takes constant time.
 */
export const linearTrend: Method = {
  name: "linear-trend",
  fit(history, parameters) {
    return new SlidingLine(parameters.window ?? history.values.length, history.values);
  },
};

/** A least squares line with the values that it is made from. */
export class SlidingLine implements FittedMethod {
  readonly sums: LineSums;
  readonly #ring: Float64Array;
  #oldest = 0;

  constructor(window: number, values: readonly number[] | Float64Array) {
    this.#ring = new Float64Array(window).fill(Number.NaN);
    const recent = values.slice(-window);
    this.#ring.set(recent, window - recent.length);
    this.sums = new LineSums(window);
    this.#recompute();
  }

  at(steps: number): number {
    return this.sums.valueAt(steps);
  }

  forecastAt(horizons: readonly number[], into: Float64Array): void {
    for (let column = 0; column < horizons.length; column++)
      into[column] = this.at(horizons[column] as number);
  }

  takeAll(values: Float64Array, from: number, to: number): void {
    for (let index = from; index < to; index++) this.update(values[index] as number);
  }

  update(value: number): void {
    this.sums.leave(this.#ring[this.#oldest] as number);
    this.#ring[this.#oldest] = value;
    this.#oldest = this.#oldest + 1 === this.#ring.length ? 0 : this.#oldest + 1;
    if (!this.sums.enter(value)) this.#recompute();
  }

  #recompute(): void {
    // The sums are recomputed once a window, when the oldest value is the first of the ring.
    this.sums.recompute((index) => this.#ring[index] as number);
  }
}
