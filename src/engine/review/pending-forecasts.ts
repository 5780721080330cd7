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
    this.#rows.add().set([dueAt, predicted, lower, upper, naive]);
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
    const [dueAt, predicted, lower, upper, naive] = row as unknown as [
      number,
      number,
      number,
      number,
      number,
    ];
    return { dueAt, predicted, lower, upper, naive };
  }

  /** Moves the due times. */
  shiftTimes(millis: number): void {
    this.#rows.shiftTimes(millis);
  }
}
