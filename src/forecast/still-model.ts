import { type Bounds, clampTo } from "../core/bounds.ts";
import type { History } from "../core/history.ts";
import type { PredictedPath, PredictedStep, WritableStep } from "../core/model.ts";
import type { RowTables } from "../math/row-tables.ts";
import type { ForecastModel } from "./forecast-model.ts";

/** Values that wait for the whole model are at most this many. */
const MAX_WAITING = 16;

/** What a still model is made of. */
export interface StillParts {
  /** The value that the series has had at all times. */
  readonly value: number;
  /** How the whole model describes itself. */
  readonly method: string;
  readonly bounds: Bounds;
  /** Fits the whole model to these points. */
  readonly fitWhole: () => ForecastModel;
}

/**
 * The model of a series that has never moved, as many do not: no failures, nothing active. The whole
 * model would forecast the same value without an interval, and takes a hundred times the memory. It is
 * fitted when the series has moved and is to be forecast. Gaps are left out.
 */
export class StillModel implements ForecastModel {
  readonly isLasting = true;
  readonly errorVersusNaive = 1;
  readonly method: string;
  readonly #parts: StillParts;
  /** How often the value came since the fit. */
  #more = 0;
  /** Values since the series moved. */
  #waiting: number[] | undefined;
  #whole: ForecastModel | undefined;
  /** Where the whole model is to be. */
  #tables: RowTables | undefined;

  constructor(parts: StillParts) {
    this.method = parts.method;
    this.#parts = parts;
  }

  /** What never moves has none. */
  get hasSeasons(): boolean {
    return this.#whole?.hasSeasons ?? false;
  }

  follow(past: History["values"]): boolean {
    return this.#moved()?.follow(past) ?? true;
  }

  settle(tables: RowTables): void {
    this.#tables = tables;
    this.#whole?.settle?.(tables);
  }

  leave(): void {
    this.#tables = undefined;
    this.#whole?.leave?.();
  }

  end(): void {
    this.#tables = undefined;
    this.#whole?.end?.();
  }

  update(value: number): void {
    if (this.#whole !== undefined) this.#whole.update(value);
    else if (this.#waiting !== undefined) this.#wait(this.#waiting, value);
    else if (value === this.#parts.value) this.#more += 1;
    else if (Number.isFinite(value)) this.#waiting = [value];
  }

  isStillAt(value: number): boolean {
    if (this.#whole !== undefined || this.#waiting !== undefined) return false;
    return value === this.#parts.value && value === this.#bounded;
  }

  predict(steps: number): PredictedPath {
    const whole = this.#moved();
    if (whole !== undefined) return whole.predict(steps);
    const same = (): Float64Array => new Float64Array(steps).fill(this.#bounded);
    return { mean: same(), lower80: same(), upper80: same(), lower95: same(), upper95: same() };
  }

  predictAt(step: number, into?: WritableStep): PredictedStep {
    const whole = this.#moved();
    if (whole !== undefined) return whole.predictAt(step, into);
    const value = this.#bounded;
    return { mean: value, lower80: value, upper80: value, lower95: value, upper95: value };
  }

  get #bounded(): number {
    return clampTo(this.#parts.bounds, this.#parts.value);
  }

  #wait(waiting: number[], value: number): void {
    waiting.push(value);
    if (waiting.length >= MAX_WAITING) this.#moved();
  }

  /** The whole model, once the series has moved. */
  #moved(): ForecastModel | undefined {
    if (this.#waiting === undefined) return this.#whole;
    this.#whole = this.#parts.fitWhole();
    for (; this.#more > 0; this.#more -= 1) this.#whole.update(this.#parts.value);
    for (const value of this.#waiting) this.#whole.update(value);
    this.#waiting = undefined;
    if (this.#tables !== undefined) this.#whole.settle?.(this.#tables);
    return this.#whole;
  }
}

/** The value of a series that has never moved, and how often it had it. `undefined` if it has moved. */
export function stillnessOf(values: ArrayLike<number | null>): { value: number; points: number } | undefined {
  let still: number | undefined;
  let points = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number | null;
    if (value === null || !Number.isFinite(value)) continue;
    if (still !== undefined && value !== still) return undefined;
    still = value;
    points += 1;
  }
  return still === undefined ? undefined : { value: still, points };
}
