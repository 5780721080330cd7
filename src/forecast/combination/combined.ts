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
  /** Goes on to follow the series with these methods alone: others are never asked again. */
  keepOnly(methods: ReadonlySet<number>): void;
  /** Writes the forecasts of some of them, in their order. */
  write(steps: number, voices: Voices, into: Float64Array): void;
  /** See `FittedMethod`. */
  plausible(steps: number): PlausibleRange | undefined;
}

/** Some of several methods: `count` of the numbers of methods, from an index on. */
export interface Voices {
  readonly methods: Uint8Array;
  readonly from: number;
  readonly count: number;
}

/** The horizons at which methods are combined, and those of all methods at each. */
export interface HorizonWeights {
  readonly horizons: readonly number[];
  readonly weights: readonly Float64Array[];
  /** The longest horizon that the methods were tested at. Absent: the last. */
  readonly testedSteps?: number;
}

// One forecast ends before the next begins, so that all combinations share these.
const memory = new RowMemory(new Float64Array(0));
const voices: { -readonly [Field in keyof Voices]: Voices[Field] } = {
  methods: new Uint8Array(0),
  from: 0,
  count: 0,
};
let said = new Float64Array(0);
let weighing = new Float64Array(0);
const seen = new SeenRange();
const medians: WeightedMedian[] = [];

/**
 * The weighted median of several methods, with own weights at each horizon of a grid. Values
 * between two horizons are interpolated. Beyond the last horizon the last weights apply, and far
 * beyond the tested horizons the value stays. A member that diverges spoils a mean, but not a
 * median. A member without weight is not asked: what is stored are the voices at the first horizon, then
 * those at the second, and so on.
 */
export class Combined implements FittedMethod {
  readonly #methods: FollowingMethods;
  readonly #state: SeriesState;
  readonly #horizons: readonly number[];
  /** A trend is not trusted further ahead. */
  readonly #trustedSteps: number;

  /** How much of a state follows what belongs to the methods. */
  static widthsOf({ horizons, weights }: HorizonWeights): StateWidths {
    const count = weights.reduce((sum, row) => sum + row.filter((weight) => weight > 0).length, 0);
    return {
      width: SeenRange.width + horizons.length + Math.ceil(count / 2),
      byteWidth: 2 * horizons.length + count,
    };
  }

  /** @param state with what belongs to the methods, and `widthsOf` more. */
  constructor(methods: FollowingMethods, state: SeriesState, combined: HorizonWeights, range: SeenRange) {
    this.#methods = methods;
    this.#state = state;
    this.#horizons = combined.horizons;
    this.#trustedSteps = REACH * (combined.testedSteps ?? (combined.horizons.at(-1) as number));
    methods.seek(state);
    methods.keepOnly(this.#takeVoices(combined.weights));
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
    const trusted = this.#trustedSteps;
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

  /** Where the weights of the voices at the first horizon are among the numbers of single precision. */
  get #weightsFrom(): number {
    return 2 * (this.#knownFrom + this.#horizons.length);
  }

  /**
   * Where these are among the bytes: for each horizon which voice was the median, and how many voices
   * there are up to it; then the methods of the voices.
   */
  get #lastFrom(): number {
    return this.#methods.byteWidth;
  }

  get #endsFrom(): number {
    return this.#lastFrom + this.#horizons.length;
  }

  get #voicesFrom(): number {
    return this.#endsFrom + this.#horizons.length;
  }

  /** Stores the methods with weight, and their weights. Returns the methods that have any. */
  #takeVoices(weights: readonly Float64Array[]): ReadonlySet<number> {
    const { memory, bytes } = this.#state;
    const heard = new Set<number>();
    let end = 0;
    for (let position = 0; position < weights.length; position++) {
      const row = weights[position] as Float64Array;
      for (let method = 0; method < row.length; method++) {
        const weight = row[method] as number;
        if (!(weight > 0)) continue;
        memory.singles[this.#weightsFrom + end] = weight;
        bytes[this.#voicesFrom + end] = method;
        heard.add(method);
        end++;
      }
      bytes[this.#endsFrom + position] = end;
    }
    return heard;
  }

  #forgetKnown(): void {
    const from = this.#knownFrom;
    this.#state.memory.numbers.fill(Number.NaN, from, from + this.#horizons.length);
  }

  #combinedAt(steps: number): number {
    const { below, above, share } = positionOn(this.#horizons, steps);
    const longest = this.#horizons[above] as number;
    if (steps > longest) return this.#combine(above, Math.min(steps, this.#trustedSteps));
    if (share === 0) return this.#onGrid(above);
    return this.#onGrid(below) * (1 - share) + this.#onGrid(above) * share;
  }

  #onGrid(position: number): number {
    const { numbers } = this.#state.memory;
    const place = this.#knownFrom + position;
    if (Number.isNaN(numbers[place] as number))
      numbers[place] = this.#combine(position, this.#horizons[position] as number);
    return numbers[place] as number;
  }

  /** The voice that was the median at a horizon is the first to be tried: it seldom changes. */
  #combine(position: number, steps: number): number {
    const { memory, bytes } = this.#state;
    const from = position === 0 ? 0 : (bytes[this.#endsFrom + position - 1] as number);
    const count = (bytes[this.#endsFrom + position] as number) - from;
    voices.methods = bytes;
    voices.from = this.#voicesFrom + from;
    voices.count = count;
    this.#methods.write(steps, voices, said);
    const first = this.#weightsFrom + from;
    for (let index = 0; index < count; index++) weighing[index] = memory.singles[first + index] as number;
    const median = medianOf(count);
    const value = median.of(said, weighing, 0, 0, bytes[this.#lastFrom + position]);
    bytes[this.#lastFrom + position] = median.last;
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
