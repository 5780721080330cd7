import type { TieredSeries } from "../series/tiered-series.ts";
import type { SavedFollowed, SavedModel } from "./learnt-schema.ts";

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
 * to, those that it took since, and when it followed its seasons. It is enough to make the same model
 * again.
 */
export class FitRecord {
  readonly #length: number;
  readonly #end: number;
  readonly #oldest: Float64Array;
  readonly #last: number;
  readonly #limit: number;
  /** Absent when there were too many. Such a model is old, and is fitted anew instead. */
  #taken: number[] | undefined = [];
  readonly #followed: SavedFollowed[] = [];

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

  /** `length` is the number of values that the series had then. */
  followed(length: number): void {
    if (this.#taken !== undefined) this.#followed.push({ taken: this.#taken.length, length });
  }

  saved(): Pick<SavedModel, "length" | "end" | "oldest" | "last" | "taken" | "followed"> | undefined {
    if (this.#taken === undefined) return undefined;
    return {
      length: this.#length,
      end: this.#end,
      oldest: this.#oldest,
      last: this.#last,
      taken: Float64Array.from(this.#taken),
      followed: [...this.#followed],
    };
  }
}

/**
 * The values that a saved model was fitted to: the oldest and the last are saved, the others are
 * still in the series. `undefined` when some are in neither.
 */
export function fittedValues(series: TieredSeries, saved: SavedModel): Float64Array | undefined {
  const { length, end, oldest, last } = saved;
  const kept = keptBy(series, saved);
  return valuesBefore(end, length, (slot) => {
    if (slot === end - 1) return last;
    return oldest[slot - end + length] ?? kept(slot);
  });
}

/**
 * The past of its series when a saved model followed its seasons. The newest value is the one that
 * the model had taken: the slot may have been open. The series may have dropped the oldest values
 * since.
 *
 * @param fitted the values that the model was fitted to.
 */
export function followedPast(
  series: TieredSeries,
  saved: SavedModel,
  fitted: Float64Array,
  { taken, length }: SavedFollowed,
): Float64Array | undefined {
  const end = saved.end + taken;
  const kept = keptBy(series, saved);
  return valuesBefore(end, length, (slot) => {
    if (slot === end - 1 && taken > 0) return saved.taken[taken - 1];
    return (
      kept(slot) ??
      (slot < saved.end ? fitted[slot - saved.end + saved.length] : saved.taken[slot - saved.end])
    );
  });
}

/** The values that a series still has, by the numbers of their slots. */
function keptBy(series: TieredSeries, { tier }: SavedModel): (slot: number) => number | undefined {
  const { values, cursor } = series.history(tier);
  return (slot) => values[slot - cursor + values.length];
}

/** The values of the slots before one; `undefined` when one of them is unknown. */
function valuesBefore(
  end: number,
  length: number,
  valueAt: (slot: number) => number | undefined,
): Float64Array | undefined {
  const values = new Float64Array(length);
  for (let index = 0; index < length; index += 1) {
    const value = valueAt(end - length + index);
    if (value === undefined) return undefined;
    values[index] = value;
  }
  return values;
}
