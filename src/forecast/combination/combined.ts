import type { NestedMedians } from "../../math/nested-medians.ts";
import { WeightedMedian } from "../../math/weighted-median.ts";
import { positionOn } from "../backtest/horizon-grid.ts";
import type { FittedMethod, PlausibleRange } from "../method.ts";
import type { SeenRange } from "../regimes/seen-range.ts";

/** A trend is trusted up to this many times the longest tested horizon. */
const REACH = 4;

/** The methods that are combined: the medians of the last values over some windows, then others. */
export interface CombinedMethods {
  readonly medians?: NestedMedians;
  readonly others: readonly FittedMethod[];
}

/** Scratch: the forecasts of the methods at one number of steps. */
let said = new Float64Array(0);

/**
 * The weighted median of several methods, with own weights at each horizon of a grid. Values
 * between two horizons are interpolated. Beyond the last horizon the last weights apply, and far
 * beyond the tested horizons the value stays. A member that diverges spoils a mean, but not a
 * median.
 */
export class Combined implements FittedMethod {
  readonly #medians: NestedMedians | undefined;
  readonly #others: readonly FittedMethod[];
  readonly #horizons: readonly number[];
  /** Those of all methods at the first horizon, then at the second, and so on. */
  readonly #weights: Float64Array;
  readonly #size: number;
  readonly #median: WeightedMedian;
  readonly #seen: SeenRange;
  /**
   * The combined forecasts at the horizons of the grid since the last point; `NaN` until computed.
   */
  readonly #known: number[];

  /** @param weights those of all methods, for each horizon. */
  constructor(
    { medians, others }: CombinedMethods,
    horizons: readonly number[],
    weights: readonly Float64Array[],
    seen: SeenRange,
  ) {
    this.#medians = medians;
    this.#others = others;
    this.#horizons = horizons;
    this.#size = weights[0]?.length ?? 0;
    this.#weights = new Float64Array(this.#size * horizons.length);
    for (const [index, row] of weights.entries()) this.#weights.set(row, index * this.#size);
    this.#seen = seen;
    this.#median = new WeightedMedian(this.#size);
    this.#known = horizons.map(() => Number.NaN);
    if (said.length < this.#size) said = new Float64Array(this.#size);
  }

  update(value: number): void {
    this.#medians?.push(value);
    for (const method of this.#others) method.update(value);
    this.#seen.take(value);
    this.#known.fill(Number.NaN);
  }

  at(steps: number): number {
    return this.#seen.within(this.#combinedAt(steps));
  }

  plausible(steps: number): PlausibleRange | undefined {
    for (const method of this.#others) {
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
    this.#medians?.write(said);
    const first = this.#size - this.#others.length;
    for (let index = 0; index < this.#others.length; index++)
      said[first + index] = (this.#others[index] as FittedMethod).at(steps);
    return this.#median.of(said, this.#weights, 0, position * this.#size);
  }
}
