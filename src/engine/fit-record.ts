import type { TieredSeries } from "../series/tiered-series.ts";
import type { SavedModel } from "./learnt-schema.ts";

/** What a record holds is dropped when its model has taken more values than this. */
const MOST_TAKEN = 1000;
/** Values that a model may take beyond those of two forecast intervals. */
const SPARE = 4;

/** The values of a fit: those at `end - values.length` to `end`, by the numbers of their slots. */
interface FittedValues {
  readonly values: Float64Array;
  readonly end: number;
}

/**
 * What a model was made of, as far as its series will not keep it: a few values that it was fitted
 * to, and those that it took since. It is enough to make the same model again.
 */
export class FitRecord {
  readonly #length: number;
  readonly #end: number;
  readonly #oldest: Float64Array;
  readonly #last: number;
  readonly #limit: number;
  /** Absent when there were too many. Such a model is old, and is fitted anew instead. */
  #taken: number[] | undefined = [];

  /** `limit` is the number of values that a model takes before it is replaced, as a rule. */
  constructor({ values, end }: FittedValues, limit: number) {
    this.#length = values.length;
    this.#end = end;
    this.#limit = Math.min(MOST_TAKEN, Math.ceil(limit) + SPARE);
    this.#oldest = values.slice(0, this.#limit);
    this.#last = values.at(-1) ?? Number.NaN;
  }

  took(value: number): void {
    if (this.#taken === undefined) return;
    if (this.#taken.length >= this.#limit) this.#taken = undefined;
    else this.#taken.push(value);
  }

  saved(): Pick<SavedModel, "length" | "end" | "oldest" | "last" | "taken"> | undefined {
    if (this.#taken === undefined) return undefined;
    return {
      length: this.#length,
      end: this.#end,
      oldest: this.#oldest,
      last: this.#last,
      taken: Float64Array.from(this.#taken),
    };
  }
}

/**
 * The values that a saved model was fitted to: the oldest and the last are saved, the others are
 * still in the series. `undefined` when some are in neither.
 */
export function fittedValues(series: TieredSeries, saved: SavedModel): Float64Array | undefined {
  const { tier, length, end, oldest, last } = saved;
  const begin = end - length;
  const { values: kept, cursor } = series.history(tier);
  const keptFrom = cursor - kept.length;
  const values = new Float64Array(length);
  for (let index = 0; index < length; index += 1) {
    const inSeries = begin + index - keptFrom;
    const value = index === length - 1 ? last : (oldest[index] ?? kept[inSeries]);
    if (value === undefined) return undefined;
    values[index] = value;
  }
  return values;
}
