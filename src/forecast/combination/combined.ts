import type { RowMemory } from "../../math/number-row.ts";
import { WeightedMedian } from "../../math/weighted-median.ts";
import { positionOn } from "../backtest/horizon-grid.ts";
import type { FittedMethod, PlausibleRange } from "../method.ts";
import { SeenRange } from "../regimes/seen-range.ts";

/** A trend is trusted up to this many times the longest tested horizon. */
const REACH = 4;

/** What is known of one series: two pieces of one block of memory. */
export interface SeriesState {
  readonly numbers: Float64Array;
  readonly bytes: Uint8Array;
}

/** Several methods, which follow many series: `seek` says whose turn it is. */
export interface FollowingMethods {
  /** How many methods they are. */
  readonly size: number;
  /** How many numbers of a state are theirs, from its beginning. */
  readonly width: number;
  /** The same of its bytes. */
  readonly byteWidth: number;
  seek(state: SeriesState): void;
  /** Takes the next point of the series; `NaN` for a gap. */
  update(value: number): void;
  /** Writes the forecast of each method. */
  write(steps: number, into: Float64Array): void;
  /** See `FittedMethod`. */
  plausible(steps: number): PlausibleRange | undefined;
}

/** The horizons at which methods are combined, and those of all methods at each. */
export interface HorizonWeights {
  readonly horizons: readonly number[];
  readonly weights: readonly Float64Array[];
}

// One forecast ends before the next begins, so that all combinations share these.
let said = new Float64Array(0);
const memory: RowMemory = { numbers: new Float64Array(0) };
const seen = new SeenRange();
const medians: WeightedMedian[] = [];

/**
 * The weighted median of several methods, with own weights at each horizon of a grid. Values
 * between two horizons are interpolated. Beyond the last horizon the last weights apply, and far
 * beyond the tested horizons the value stays. A member that diverges spoils a mean, but not a
 * median.
 */
export class Combined implements FittedMethod {
  readonly #methods: FollowingMethods;
  readonly #state: SeriesState;
  readonly #horizons: readonly number[];

  /** How many numbers of a state follow those of the methods. */
  static widthOf({ horizons, weights }: HorizonWeights): number {
    return SeenRange.width + horizons.length + horizons.length * (weights[0]?.length ?? 0);
  }

  /** How many bytes do. */
  static byteWidthOf({ horizons }: HorizonWeights): number {
    return horizons.length;
  }

  /** @param state with the numbers and bytes of the methods, and `widthOf` and `byteWidthOf` more. */
  constructor(methods: FollowingMethods, state: SeriesState, combined: HorizonWeights, range: SeenRange) {
    this.#methods = methods;
    this.#state = state;
    this.#horizons = combined.horizons;
    for (const [index, row] of combined.weights.entries())
      state.numbers.set(row, this.#weightsFrom + index * methods.size);
    this.#seen.copyFrom(range);
    this.#forgetKnown();
    if (said.length < methods.size) said = new Float64Array(methods.size);
  }

  update(value: number): void {
    this.#methods.seek(this.#state);
    this.#methods.update(value);
    this.#seen.take(value);
    this.#forgetKnown();
  }

  at(steps: number): number {
    this.#methods.seek(this.#state);
    return this.#seen.within(this.#combinedAt(steps));
  }

  plausible(steps: number): PlausibleRange | undefined {
    this.#methods.seek(this.#state);
    return this.#methods.plausible(steps);
  }

  untrustedTrend(steps: number): number {
    const last = this.#horizons.length - 1;
    const trusted = REACH * (this.#horizons[last] as number);
    if (steps <= trusted) return 0;
    this.#methods.seek(this.#state);
    return this.#combine(last, steps) - this.#combine(last, trusted);
  }

  /** The range of all values: the first numbers after those of the methods. */
  get #seen(): SeenRange {
    memory.numbers = this.#state.numbers;
    seen.moveTo(memory, this.#methods.width);
    return seen;
  }

  /** Where the combined forecasts at the horizons are among the numbers; `NaN` until computed. */
  get #knownFrom(): number {
    return this.#methods.width + SeenRange.width;
  }

  /** Where the weights of all methods at the first horizon are; then come those at the second. */
  get #weightsFrom(): number {
    return this.#knownFrom + this.#horizons.length;
  }

  #forgetKnown(): void {
    this.#state.numbers.fill(Number.NaN, this.#knownFrom, this.#weightsFrom);
  }

  #combinedAt(steps: number): number {
    const { below, above, share } = positionOn(this.#horizons, steps);
    const longest = this.#horizons[above] as number;
    if (steps > longest) return this.#combine(above, Math.min(steps, REACH * longest));
    return this.#onGrid(below) * (1 - share) + this.#onGrid(above) * share;
  }

  #onGrid(position: number): number {
    const { numbers } = this.#state;
    const place = this.#knownFrom + position;
    if (Number.isNaN(numbers[place] as number))
      numbers[place] = this.#combine(position, this.#horizons[position] as number);
    return numbers[place] as number;
  }

  /** The member that was the median at a horizon is the first to be tried: it seldom changes. */
  #combine(position: number, steps: number): number {
    const { size, byteWidth } = this.#methods;
    const { numbers, bytes } = this.#state;
    this.#methods.write(steps, said);
    const median = medianOf(size);
    const value = median.of(said, numbers, 0, this.#weightsFrom + position * size, bytes[byteWidth + position]);
    bytes[byteWidth + position] = median.last;
    return value;
  }
}

function medianOf(size: number): WeightedMedian {
  let median = medians[size];
  if (median === undefined) {
    median = new WeightedMedian(size);
    medians[size] = median;
  }
  return median;
}
