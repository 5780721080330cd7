import { NO_MEMORY, RowMemory } from "../../math/row-memory.ts";
import type { RowTable } from "../../math/row-table.ts";
import type { RowTables } from "../../math/row-tables.ts";
import { WeightedMedian } from "../../math/weighted-median.ts";
import { positionOn } from "../backtest/horizon-grid.ts";
import type { FittedMethod, PlausibleRange } from "../method.ts";
import { SeenRange } from "../regimes/seen-range.ts";
import type { FollowingMethods, Voices } from "./following-methods.ts";

/** A trend is trusted up to this many times the longest tested horizon. */
const REACH = 4;

/** The horizons at which methods are combined, and those of all methods at each. */
export interface HorizonWeights {
  readonly horizons: readonly number[];
  readonly weights: readonly Float64Array[];
  /** The longest horizon that the methods were tested at. Absent: the last. */
  readonly testedSteps?: number;
}

// One forecast ends before the next begins, so that all combinations share these.
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
 *
 * All that it knows of its series is one row. It has a memory of its own, until `settle` moves it.
 */
export class Combined implements FittedMethod {
  readonly #methods: FollowingMethods;
  readonly #horizons: readonly number[];
  /** A trend is not trusted further ahead. */
  readonly #trustedSteps: number;
  /** How many numbers the row has. */
  readonly #width: number;
  /** Where the weights of the voices begin, in numbers from the beginning of the row. */
  readonly #weightsBehind: number;
  #memory: RowMemory;
  #first: number;
  /** The table that the row is in. Absent: it has a memory of its own. */
  #table: RowTable | undefined;
  #row = 0;

  /** How many numbers of a row follow those of the methods. */
  static widthOf({ horizons, weights }: HorizonWeights): number {
    const voices = voicesOf(weights);
    return bytesBehind(horizons) + widthOfBytes(horizons, voices) + Math.ceil(voices / 2);
  }

  /** @param memory begins with the row of the methods; `widthOf` more numbers follow. */
  constructor(methods: FollowingMethods, memory: RowMemory, combined: HorizonWeights, range: SeenRange) {
    const { horizons, weights, testedSteps } = combined;
    this.#methods = methods;
    this.#horizons = horizons;
    this.#trustedSteps = REACH * (testedSteps ?? (horizons.at(-1) as number));
    this.#width = methods.width + Combined.widthOf(combined);
    this.#weightsBehind = this.#width - Math.ceil(voicesOf(weights) / 2);
    this.#memory = memory;
    this.#first = 0;
    methods.seek(memory, 0);
    methods.keepOnly(this.#takeVoices(weights));
    this.#seen.copyFrom(range);
    this.#forgetKnown();
    if (said.length >= methods.size) return;
    said = new Float64Array(methods.size);
    weighing = new Float64Array(methods.size);
  }

  settle(tables: RowTables): void {
    const table = tables.of(this.#width);
    const row = table.add(this.#numbers);
    this.leave();
    this.#table = table;
    this.#row = row;
    this.#moveTo(table.blockOf(row), table.firstOf(row));
  }

  leave(): void {
    if (this.#table === undefined) return;
    const own = new RowMemory(this.#numbers.slice());
    this.#giveBack();
    this.#moveTo(own, 0);
  }

  end(): void {
    this.#giveBack();
    this.#moveTo(NO_MEMORY, 0);
  }

  update(value: number): void {
    this.#methods.seek(this.#memory, this.#first);
    this.#methods.update(value);
    this.#seen.take(value);
    this.#forgetKnown();
  }

  at(steps: number): number {
    this.#methods.seek(this.#memory, this.#first);
    return this.#seen.within(this.#combinedAt(steps));
  }

  plausible(steps: number): PlausibleRange | undefined {
    this.#methods.seek(this.#memory, this.#first);
    return this.#methods.plausible(steps);
  }

  untrustedTrend(steps: number): number {
    const last = this.#horizons.length - 1;
    const trusted = this.#trustedSteps;
    if (steps <= trusted) return 0;
    this.#methods.seek(this.#memory, this.#first);
    return this.#combine(last, steps) - this.#combine(last, trusted);
  }

  get #numbers(): Float64Array {
    return this.#memory.numbers.subarray(this.#first, this.#first + this.#width);
  }

  #giveBack(): void {
    this.#table?.delete(this.#row);
    this.#table = undefined;
  }

  #moveTo(memory: RowMemory, first: number): void {
    this.#memory = memory;
    this.#first = first;
    this.#methods.forget();
  }

  /** The range of all values: the first numbers after those of the methods. */
  get #seen(): SeenRange {
    seen.moveTo(this.#memory, this.#first + this.#methods.width);
    return seen;
  }

  /** Where the combined forecasts at the horizons are among the numbers; `NaN` until computed. */
  get #knownFrom(): number {
    return this.#first + this.#methods.width + SeenRange.width;
  }

  /** Where the weights of the voices at the first horizon are among the numbers of single precision. */
  get #weightsFrom(): number {
    return 2 * (this.#first + this.#weightsBehind);
  }

  /**
   * Where these are among the bytes: for each horizon which voice was the median, and how many voices
   * there are up to it; then the methods of the voices.
   */
  get #lastFrom(): number {
    return Float64Array.BYTES_PER_ELEMENT * (this.#first + this.#methods.width + bytesBehind(this.#horizons));
  }

  get #endsFrom(): number {
    return this.#lastFrom + this.#horizons.length;
  }

  get #voicesFrom(): number {
    return this.#endsFrom + this.#horizons.length;
  }

  /** Stores the methods with weight, and their weights. Returns the methods that have any. */
  #takeVoices(weights: readonly Float64Array[]): ReadonlySet<number> {
    const { singles, bytes } = this.#memory;
    const heard = new Set<number>();
    let end = 0;
    for (let position = 0; position < weights.length; position++) {
      const row = weights[position] as Float64Array;
      for (let method = 0; method < row.length; method++) {
        const weight = row[method] as number;
        if (!(weight > 0)) continue;
        singles[this.#weightsFrom + end] = weight;
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
    this.#memory.numbers.fill(Number.NaN, from, from + this.#horizons.length);
  }

  #combinedAt(steps: number): number {
    const { below, above, share } = positionOn(this.#horizons, steps);
    const longest = this.#horizons[above] as number;
    if (steps > longest) return this.#combine(above, Math.min(steps, this.#trustedSteps));
    if (share === 0) return this.#onGrid(above);
    return this.#onGrid(below) * (1 - share) + this.#onGrid(above) * share;
  }

  #onGrid(position: number): number {
    const { numbers } = this.#memory;
    const place = this.#knownFrom + position;
    if (Number.isNaN(numbers[place] as number))
      numbers[place] = this.#combine(position, this.#horizons[position] as number);
    return numbers[place] as number;
  }

  /** The voice that was the median at a horizon is the first to be tried: it seldom changes. */
  #combine(position: number, steps: number): number {
    const { singles, bytes } = this.#memory;
    const from = position === 0 ? 0 : (bytes[this.#endsFrom + position - 1] as number);
    const count = (bytes[this.#endsFrom + position] as number) - from;
    voices.methods = bytes;
    voices.from = this.#voicesFrom + from;
    voices.count = count;
    this.#methods.write(steps, voices, said);
    const first = this.#weightsFrom + from;
    for (let index = 0; index < count; index++) weighing[index] = singles[first + index] as number;
    const median = medianOf(count);
    const value = median.of(said, weighing, 0, 0, bytes[this.#lastFrom + position]);
    bytes[this.#lastFrom + position] = median.last;
    return value;
  }
}

/** How many voices there are at all horizons. */
function voicesOf(weights: readonly Float64Array[]): number {
  let voices = 0;
  for (const row of weights)
    for (let method = 0; method < row.length; method++) if ((row[method] as number) > 0) voices++;
  return voices;
}

/** How many numbers there are before the bytes: the range of all values, and a forecast for each horizon. */
function bytesBehind(horizons: readonly number[]): number {
  return SeenRange.width + horizons.length;
}

/** How many numbers the bytes take: two for each horizon, and one for each voice. */
function widthOfBytes(horizons: readonly number[], voices: number): number {
  return Math.ceil((2 * horizons.length + voices) / Float64Array.BYTES_PER_ELEMENT);
}

function medianOf(size: number): WeightedMedian {
  let median = medians[size];
  if (median === undefined) {
    median = new WeightedMedian(size);
    medians[size] = median;
  }
  return median;
}
