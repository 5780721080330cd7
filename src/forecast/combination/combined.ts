import { RowMemory } from "../../math/row-memory.ts";
import { WeightedMedian } from "../../math/weighted-median.ts";
import { positionOn } from "../backtest/horizon-grid.ts";
import type { FittedMethod, PlausibleRange } from "../method.ts";
import { SeenRange } from "../regimes/seen-range.ts";

/** A trend is trusted up to this many times the longest tested horizon. */
const REACH = 4;

/**
 * What is known of one series: two pieces of one block of memory. What there is much of, and needs no
 * more than single precision, takes half the place of a number.
 */
export interface SeriesState {
  readonly memory: RowMemory;
  readonly bytes: Uint8Array;
}

/** How much of each piece of a state something takes. */
export interface StateWidths {
  readonly width: number;
  readonly byteWidth: number;
}

/**
 * Several methods, which follow many series: `seek` says whose turn it is. The widths are those of what
 * is theirs in a state, from the beginning of each piece.
 */
export interface FollowingMethods extends StateWidths {
  /** How many methods they are. */
  readonly size: number;
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
const memory = new RowMemory(new Float64Array(0));
let said = new Float64Array(0);
let weighing = new Float64Array(0);
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

  /** How much of a state follows what belongs to the methods. */
  static widthsOf({ horizons, weights }: HorizonWeights): StateWidths {
    return {
      width: SeenRange.width + horizons.length + Math.ceil((horizons.length * (weights[0]?.length ?? 0)) / 2),
      byteWidth: horizons.length,
    };
  }

  /** @param state with what belongs to the methods, and `widthsOf` more. */
  constructor(methods: FollowingMethods, state: SeriesState, combined: HorizonWeights, range: SeenRange) {
    this.#methods = methods;
    this.#state = state;
    this.#horizons = combined.horizons;
    for (const [index, row] of combined.weights.entries())
      state.memory.singles.set(row, this.#weightsFrom + index * methods.size);
    this.#seen.copyFrom(range);
    this.#forgetKnown();
    if (said.length >= methods.size) return;
    said = new Float64Array(methods.size);
    weighing = new Float64Array(methods.size);
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
    memory.take(this.#state.memory);
    seen.moveTo(memory, this.#methods.width);
    return seen;
  }

  /** Where the combined forecasts at the horizons are among the numbers; `NaN` until computed. */
  get #knownFrom(): number {
    return this.#methods.width + SeenRange.width;
  }

  /** Where the weights of all methods at the first horizon are among the numbers of single precision. */
  get #weightsFrom(): number {
    return 2 * (this.#knownFrom + this.#horizons.length);
  }

  #forgetKnown(): void {
    const from = this.#knownFrom;
    this.#state.memory.numbers.fill(Number.NaN, from, from + this.#horizons.length);
  }

  #combinedAt(steps: number): number {
    const { below, above, share } = positionOn(this.#horizons, steps);
    const longest = this.#horizons[above] as number;
    if (steps > longest) return this.#combine(above, Math.min(steps, REACH * longest));
    return this.#onGrid(below) * (1 - share) + this.#onGrid(above) * share;
  }

  #onGrid(position: number): number {
    const { numbers } = this.#state.memory;
    const place = this.#knownFrom + position;
    if (Number.isNaN(numbers[place] as number))
      numbers[place] = this.#combine(position, this.#horizons[position] as number);
    return numbers[place] as number;
  }

  /** The member that was the median at a horizon is the first to be tried: it seldom changes. */
  #combine(position: number, steps: number): number {
    const { size, byteWidth } = this.#methods;
    const { memory, bytes } = this.#state;
    this.#methods.write(steps, said);
    const first = this.#weightsFrom + position * size;
    for (let index = 0; index < size; index++) weighing[index] = memory.singles[first + index] as number;
    const median = medianOf(size);
    const value = median.of(said, weighing, 0, 0, bytes[byteWidth + position]);
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
