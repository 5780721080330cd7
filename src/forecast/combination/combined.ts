import { WeightedMedian } from "../../math/weighted-median.ts";
import { positionOn } from "../backtest/horizon-grid.ts";
import type { FittedMethod, PlausibleRange } from "../method.ts";
import type { SeenRange } from "../regimes/seen-range.ts";

/** A trend is trusted up to this many times the longest tested horizon. */
const REACH = 4;

/**
 * The weighted median of several methods, with own weights at each horizon of a grid. Values
 * between two horizons are interpolated. Beyond the last horizon the last weights apply, and far
 * beyond the tested horizons the value stays. A member that diverges spoils a mean, but not a
 * median.
 */
export class Combined implements FittedMethod {
  readonly #methods: readonly FittedMethod[];
  readonly #horizons: readonly number[];
  readonly #weights: readonly Float64Array[];
  readonly #predicted: Float64Array;
  readonly #median: WeightedMedian;
  readonly #seen: SeenRange;
  /**
   * The combined forecasts at the horizons of the grid since the last point; `NaN` until computed.
   */
  readonly #known: Float64Array;

  constructor(
    methods: readonly FittedMethod[],
    horizons: readonly number[],
    weights: readonly Float64Array[],
    seen: SeenRange,
  ) {
    this.#methods = methods;
    this.#horizons = horizons;
    this.#weights = weights;
    this.#seen = seen;
    this.#predicted = new Float64Array(methods.length);
    this.#median = new WeightedMedian(methods.length);
    this.#known = new Float64Array(horizons.length).fill(Number.NaN);
  }

  update(value: number): void {
    for (const method of this.#methods) method.update(value);
    this.#seen.take(value);
    this.#known.fill(Number.NaN);
  }

  at(steps: number): number {
    return this.#seen.within(this.#combinedAt(steps));
  }

  plausible(steps: number): PlausibleRange | undefined {
    for (const method of this.#methods) {
      const range = method.plausible?.(steps);
      if (range !== undefined) return range;
    }
    return undefined;
  }

  untrustedTrend(steps: number): number {
    const last = this.#horizons.length - 1;
    const trusted = REACH * (this.#horizons[last] as number);
    return steps > trusted ? this.#combine(last, steps) - this.#combine(last, trusted) : 0;
  }

  #combinedAt(steps: number): number {
    const { below, above, share } = positionOn(this.#horizons, steps);
    const longest = this.#horizons[above] as number;
    if (steps > longest) return this.#combine(above, Math.min(steps, REACH * longest));
    return this.#onGrid(below) * (1 - share) + this.#onGrid(above) * share;
  }

  #onGrid(position: number): number {
    if (Number.isNaN(this.#known[position] as number)) {
      this.#known[position] = this.#combine(position, this.#horizons[position] as number);
    }
    return this.#known[position] as number;
  }

  #combine(position: number, steps: number): number {
    for (let member = 0; member < this.#predicted.length; member++) {
      this.#predicted[member] = (this.#methods[member] as FittedMethod).at(steps);
    }
    return this.#median.of(this.#predicted, this.#weights[position] as Float64Array);
  }
}
