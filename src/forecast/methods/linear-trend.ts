import type { FittedMethod, Method } from "../method.ts";

/**
 * Ordinary least squares line through the last `window` steps (default: the whole history),
 * continued undamped, as in Prometheus' `predict_linear`. Position 0 is the newest step. An update
 * takes constant time. The sums are recomputed once a window, so that rounding errors cannot add
 * up.
 */
export const linearTrend: Method = {
  name: "linear-trend",
  fit(history, parameters) {
    return new SlidingLine(parameters.window ?? history.values.length, history.values);
  },
};

class SlidingLine implements FittedMethod {
  #level = 0;
  #slope = 0;
  /** Whether the level and the slope are those of the points so far. */
  #isSolved = false;
  readonly #ring: Float64Array;
  #oldest = 0;
  #count = 0;
  #x = 0;
  #xx = 0;
  #y = 0;
  #xy = 0;

  constructor(window: number, values: readonly number[] | Float64Array) {
    this.#ring = new Float64Array(window).fill(Number.NaN);
    const recent = values.slice(-window);
    this.#ring.set(recent, window - recent.length);
    this.#recomputeSums();
  }

  at(steps: number): number {
    this.#solve();
    return this.#level + this.#slope * steps;
  }

  forecastAt(horizons: readonly number[], into: Float64Array): void {
    for (let column = 0; column < horizons.length; column++)
      into[column] = this.at(horizons[column] as number);
  }

  takeAll(values: Float64Array, from: number, to: number): void {
    for (let index = from; index < to; index++) this.update(values[index] as number);
  }

  update(value: number): void {
    const length = this.#ring.length;
    // The next point may be a gap, and the last line is then the one that stays.
    if (this.#count === 1) this.#solve();
    this.#isSolved = false;
    this.#add(1 - length, this.#ring[this.#oldest] as number, -1);
    this.#stepBack();
    this.#ring[this.#oldest] = value;
    this.#oldest = (this.#oldest + 1) % length;
    if (this.#oldest === 0) this.#recomputeSums();
    else this.#add(0, value, 1);
  }

  #recomputeSums(): void {
    this.#count = this.#x = this.#xx = this.#y = this.#xy = 0;
    const length = this.#ring.length;
    for (let index = 0; index < length; index++)
      this.#add(index + 1 - length, this.#ring[index] as number, 1);
  }

  #add(x: number, y: number, sign: 1 | -1): void {
    if (Number.isNaN(y)) return;
    this.#count += sign;
    this.#x += sign * x;
    this.#xx += sign * x * x;
    this.#y += sign * y;
    this.#xy += sign * x * y;
  }

  /** Moves every point one step back: x becomes x - 1. */
  #stepBack(): void {
    this.#xy -= this.#y;
    this.#xx += this.#count - 2 * this.#x;
    this.#x -= this.#count;
  }

  /** When all points are gaps, the line stays as it was. */
  #solve(): void {
    if (this.#isSolved || this.#count === 0) return;
    this.#isSolved = true;
    const spread = this.#count * this.#xx - this.#x * this.#x;
    this.#slope = spread > 0 ? (this.#count * this.#xy - this.#x * this.#y) / spread : 0;
    this.#level = (this.#y - this.#slope * this.#x) / this.#count;
  }
}
