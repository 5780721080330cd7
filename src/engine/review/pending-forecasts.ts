import { WaitingRows } from "../../forecast/waiting-rows.ts";

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

const NUMBERS_EACH = 5;

/**
 * A queue of forecasts that wait to be scored, at most `capacity` of them: a new one replaces the
 * oldest.
 */
export class PendingForecasts {
  readonly #rows: WaitingRows;

  constructor(capacity: number) {
    this.#rows = new WaitingRows(capacity, NUMBERS_EACH);
  }

  get length(): number {
    return this.#rows.length;
  }

  /** When the oldest forecast is due; `undefined` when the queue is empty. */
  get nextDueAt(): number | undefined {
    return this.#rows.nextAt;
  }

  push({ dueAt, predicted, lower, upper, naive }: PendingForecast): void {
    const row = this.#rows.add();
    row[0] = dueAt;
    row[1] = predicted;
    row[2] = lower;
    row[3] = upper;
    row[4] = naive;
  }

  /** The numbers of all forecasts, oldest first. */
  saved(): Float64Array {
    return this.#rows.saved();
  }

  restore(numbers: Float64Array): void {
    this.#rows.restore(numbers);
  }

  /** Removes and returns the oldest forecast. */
  shift(): PendingForecast | undefined {
    const row = this.#rows.take();
    if (row === undefined) return undefined;
    const dueAt = row[0] as number;
    const predicted = row[1] as number;
    const lower = row[2] as number;
    const upper = row[3] as number;
    const naive = row[4] as number;
    return { dueAt, predicted, lower, upper, naive };
  }

  /** Moves the due times. */
  shiftTimes(millis: number): void {
    this.#rows.shiftTimes(millis);
  }
}
