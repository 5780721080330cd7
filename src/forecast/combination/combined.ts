import { WeightedMedian } from "../../math/weighted-median.ts";
import { positionOn } from "../backtest/horizon-grid.ts";
import type { FittedMethod } from "../method.ts";

/** A trend is believed as far as this many times the longest horizon that it was tested at, unless asked otherwise. */
const DEFAULT_REACH = 4;

/**
 * The weighted median of several methods, with weights of its own at each horizon of a grid. Between two horizons it goes straight; beyond
 * the last one its weights hold on, and far beyond what was tested so does the value. One diverging member spoils a mean, but not a median.
 */
export class Combined implements FittedMethod {
  readonly #methods: readonly FittedMethod[];
  readonly #horizons: readonly number[];
  readonly #weights: readonly Float64Array[];
  readonly #reach: number;
  readonly #said: Float64Array;
  readonly #median: WeightedMedian;
  /** What was combined at each horizon of the grid since the last point. */
  readonly #known: Float64Array;

  constructor(
    methods: readonly FittedMethod[],
    horizons: readonly number[],
    weights: readonly Float64Array[],
    reach = DEFAULT_REACH,
  ) {
    this.#methods = methods;
    this.#horizons = horizons;
    this.#weights = weights;
    this.#reach = reach;
    this.#said = new Float64Array(methods.length);
    this.#median = new WeightedMedian(methods.length);
    this.#known = new Float64Array(horizons.length).fill(Number.NaN);
  }

  update(value: number): void {
    for (const method of this.#methods) method.update(value);
    this.#known.fill(Number.NaN);
  }

  at(steps: number): number {
    const { below, above, share } = positionOn(this.#horizons, steps);
    const longest = this.#horizons[above] as number;
    if (steps > longest) return this.#combine(above, Math.min(steps, this.#reach * longest));
    return this.#onGrid(below) * (1 - share) + this.#onGrid(above) * share;
  }

  unbelieved(steps: number): number {
    const last = this.#horizons.length - 1;
    const believed = this.#reach * (this.#horizons[last] as number);
    return steps > believed ? this.#combine(last, steps) - this.#combine(last, believed) : 0;
  }

  #onGrid(position: number): number {
    if (Number.isNaN(this.#known[position] as number)) {
      this.#known[position] = this.#combine(position, this.#horizons[position] as number);
    }
    return this.#known[position] as number;
  }

  #combine(position: number, steps: number): number {
    for (let member = 0; member < this.#said.length; member++) {
      this.#said[member] = (this.#methods[member] as FittedMethod).at(steps);
    }
    return this.#median.of(this.#said, this.#weights[position] as Float64Array);
  }
}
