import { PackedForecasts } from "./packed-forecasts.ts";

/** What a forecast is scored by. Times are in epoch milliseconds. */
export interface PendingForecast {
  /** The time that the forecast is for. */
  readonly dueAt: number;
  readonly predicted: number;
  readonly lower: number;
  readonly upper: number;
  /** The forecast of naive: the value when the forecast was made. */
  readonly naive: number;
}

/** The values of a forecast, and its numbers when it is saved: with its time before them. */
const VALUES = 4;
const NUMBERS_EACH = 1 + VALUES;

/** The forecasts that wait to be scored, in the order of their due times. */
export class PendingForecasts extends PackedForecasts {
  readonly #oldest = {
    dueAt: Number.NaN,
    predicted: Number.NaN,
    lower: Number.NaN,
    upper: Number.NaN,
    naive: Number.NaN,
  };

  constructor(capacity: number) {
    super(capacity, VALUES);
  }

  /** When the oldest forecast is due; `undefined` when there is none. */
  get nextDueAt(): number | undefined {
    return this.length === 0 ? undefined : this.timeAt(0);
  }

  /** The forecast that is due first. There must be one. The next call writes on the same object. */
  get oldest(): PendingForecast {
    const oldest = this.#oldest;
    oldest.dueAt = this.timeAt(0);
    oldest.predicted = this.numberAt(0, 0);
    oldest.lower = this.numberAt(0, 1);
    oldest.upper = this.numberAt(0, 2);
    oldest.naive = this.numberAt(0, 3);
    return oldest;
  }

  push(forecast: PendingForecast): void {
    this.#write(this.add(forecast.dueAt, forecast.naive, spreadOf(forecast)), forecast);
  }

  /** The numbers of all forecasts, oldest first, and what they are counted from. */
  saved(): {
    readonly pending: Float64Array;
    readonly from: { readonly at: number; readonly value: number };
  } {
    const pending = new Float64Array(this.length * NUMBERS_EACH);
    for (let index = 0; index < this.length; index += 1) {
      const { dueAt, predicted, lower, upper, naive } = this.#at(index);
      pending.set([dueAt, predicted, lower, upper, naive], index * NUMBERS_EACH);
    }
    return { pending, from: { at: this.fromAt, value: this.fromValue } };
  }

  /**
   * Takes over the newest forecasts of those that were saved.
   *
   * @param from what they were counted from. Absent: the first of them.
   */
  restore(pending: Float64Array, from?: { readonly at: number; readonly value: number }): void {
    this.clear();
    if (from !== undefined) this.countFrom(from.at, from.value);
    for (let place = 0; place + NUMBERS_EACH <= pending.length; place += NUMBERS_EACH) {
      const [dueAt, predicted, lower, upper, naive] = pending.subarray(place, place + NUMBERS_EACH);
      const forecast = { dueAt, predicted, lower, upper, naive } as PendingForecast;
      if (from === undefined || this.isFull) this.push(forecast);
      else this.#write(this.append(forecast.dueAt), forecast);
    }
  }

  #write(index: number, { predicted, lower, upper, naive }: PendingForecast): void {
    this.put(index, 0, predicted);
    this.put(index, 1, lower);
    this.put(index, 2, upper);
    this.put(index, 3, naive);
  }

  #at(index: number): PendingForecast {
    return {
      dueAt: this.timeAt(index),
      predicted: this.numberAt(index, 0),
      lower: this.numberAt(index, 1),
      upper: this.numberAt(index, 2),
      naive: this.numberAt(index, 3),
    };
  }
}

/** About how far the values of a forecast differ from each other. */
export function spreadOf({ predicted, lower, upper, naive }: PendingForecast): number {
  return upper - lower + Math.abs(predicted - naive);
}

/** A forecast whose time has come. */
export interface PastForecast {
  /** The time that the forecast was for, in epoch milliseconds. */
  readonly dueAt: number;
  readonly predicted: number;
}

/** The newest forecasts whose time has come: people compare them with what happened. */
export class PastForecasts extends PackedForecasts {
  constructor(capacity: number) {
    super(capacity, 1);
  }

  push(forecast: PendingForecast): void {
    const { dueAt, predicted } = forecast;
    this.put(this.add(dueAt, predicted, spreadOf(forecast)), 0, predicted);
  }

  /** All of them, oldest first. */
  all(): PastForecast[] {
    return Array.from({ length: this.length }, (_, index) => ({
      dueAt: this.timeAt(index),
      predicted: this.numberAt(index, 0),
    }));
  }
}
