import type { Bounds } from "../core/bounds.ts";
import type { History } from "../core/history.ts";
import { noStep, type PredictedStep, type WritableStep } from "../core/model.ts";
import { fitModel } from "../forecast/fit-model.ts";
import type { ForecastModel } from "../forecast/forecast-model.ts";
import { countValid } from "../forecast/gaps.ts";
import type { Gate } from "../forecast/gate/gate.ts";
import { naturalBounds } from "../forecast/natural-bounds.ts";
import type { RowTables } from "../math/row-tables.ts";
import { type LocalClock, localTime, onLocalClock } from "../series/local-clock.ts";
import { clockFor, type DatedHistory, type SeenValues, valuesSeen } from "./dated-history.ts";
import { type Surprises, unsurprising } from "./review/surprises.ts";

/** The forecast that a value is compared with: one comparison ends before the next begins. */
const expected = noStep();

/** A series with fewer known points than this is warming up. */
export const MIN_KNOWN_POINTS = 12;

/** What the model of a series sees instead of the values of the series. */
export interface ValueKind {
  /** Whether the model sees a running total, which never falls. */
  readonly isTotal: boolean;
  /** Bounds of what the model sees. */
  readonly seenBounds: Bounds;
  /**
   * Converts the values of slots to what the model sees. `undefined` when the model sees the values
   * themselves.
   */
  seenValues(slotMillis: number): SeenValues | undefined;
}

/** How the models of a series are made. */
export interface ModelOptions {
  /** `auto`, `learned` or the name of a method. */
  readonly method: string;
  /** Learned weights for `auto` and `learned`. Absent: none. */
  readonly gate?: Gate | undefined;
  readonly kind: ValueKind;
  /** The clock that daily and weekly seasons follow. Absent: UTC. */
  readonly clock: LocalClock | undefined;
}

/** The fitted model, or why there is none. */
export type ClockedFit =
  | { readonly state: "ready"; readonly model: ClockedModel }
  | { readonly state: "warming-up" }
  | { readonly state: "failed"; readonly reason: string };

/**
 * A model that predicts for points in time instead of steps. A daily season follows the local
 * clock.
 */
export class ClockedModel {
  readonly stepMillis: number;
  readonly #model: ForecastModel;
  /**
   * Absent when the model has no daily season. The model then sees the slots one after the other.
   */
  readonly #clock: LocalClock | undefined;
  readonly #seen: SeenValues | undefined;
  /** Middle of the last slot that was taken. */
  #lastAt: number;
  /** Local time of the last slot that the model was updated with. */
  #localEnd: number;
  #isOffClock = false;

  private constructor(
    model: ForecastModel,
    grid: { stepMillis: number; clock: LocalClock | undefined; lastAt: number },
    seen: SeenValues | undefined,
  ) {
    this.#model = model;
    this.stepMillis = grid.stepMillis;
    this.#clock = grid.clock;
    this.#seen = seen;
    this.#lastAt = grid.lastAt;
    this.#localEnd = localTime(grid.clock, grid.lastAt);
  }

  /**
   * Fits a model to the past of a series. The engine and the backtest both use this function: it
   * unwraps totals, lays a daily season on the local clock, and fits the method to the result.
   * Fewer than 12 known points give `warming-up`. O(points).
   *
   * @param horizonSteps The largest number of steps ahead that will be predicted.
   */
  static fit(history: DatedHistory, options: ModelOptions, horizonSteps: number): ClockedFit {
    const { stepSeconds, season, lastAt } = history;
    if (countValid(history.values) < MIN_KNOWN_POINTS) return { state: "warming-up" };
    const grid = { stepMillis: stepSeconds * 1000, clock: clockFor(history, options.clock), lastAt };
    const seen = options.kind.seenValues(grid.stepMillis);
    const known = seen === undefined ? history.values : valuesSeen(history, seen);
    const values =
      grid.clock === undefined ? known : onLocalClock(known, grid.stepMillis, lastAt, grid.clock);
    const { isTotal, seenBounds } = options.kind;
    const bounds = isTotal ? seenBounds : naturalBounds(seenBounds, values);
    const result = fitModel(
      { values, stepSeconds, ...(season === undefined ? {} : { season }) },
      { method: options.method, gate: options.gate, bounds, isTotal, horizonSteps },
    );
    if (result.state !== "ready") return result;
    return { state: "ready", model: new ClockedModel(result.model, grid, seen) };
  }

  /** The method that makes the forecasts. */
  get method(): string {
    return this.#model.method;
  }

  /** Backtested MASE relative to naive; below 1 is better than assuming no change. */
  get errorVersusNaive(): number {
    return this.#model.errorVersusNaive;
  }

  /** Whether the updates keep it as good as a newly fitted one, if it follows its seasons. */
  get isLasting(): boolean {
    return this.#model.isLasting;
  }

  /** Whether a lasting model has seasons. */
  get hasSeasons(): boolean {
    return this.#model.hasSeasons;
  }

  /** Whether all values so far were this one, and all forecasts are. */
  isStillAt(value: number): boolean {
    return this.#seen === undefined && this.#model.isStillAt?.(value) === true;
  }

  /** The middle of the last slot that was taken, in epoch milliseconds. */
  get lastAt(): number {
    return this.#lastAt;
  }

  /** Whether the local clock was put forward or back since the fit, or the slots were moved. */
  get isOffClock(): boolean {
    return this.#isOffClock;
  }

  /** Moves what it knows into a row of a table, while it is in use. */
  settle(tables: RowTables): void {
    this.#model.settle?.(tables);
  }

  /** Gives the row back. The model still predicts. */
  leave(): void {
    this.#model.leave?.();
  }

  /** Gives the row back for good: another model has taken its place. */
  end(): void {
    this.#model.end?.();
  }

  /**
   * Takes the value of the next slot. An hour that local time leaves out is a gap to the model. An
   * hour that comes a second time is skipped; the next fit averages both.
   *
   * @param surprises Compares the value with the forecast for its slot.
   */
  take(value: number, surprises?: Surprises): void {
    const before = this.#lastAt;
    this.#lastAt += this.stepMillis;
    const known = this.#seen?.take(value, this.#lastAt) ?? value;
    const steps = this.#stepsTo(this.#lastAt);
    if (this.#offsetAt(before) !== this.#offsetAt(this.#lastAt)) this.#isOffClock = true;
    if (steps < 1) return;
    for (let missing = steps - 1; missing > 0; missing--) this.#model.update(Number.NaN);
    surprises?.take(known, this.#model.predictAt(1, expected));
    this.#model.update(known);
    this.#localEnd = localTime(this.#clock, this.#lastAt);
  }

  /**
   * Estimates the seasons of a lasting model anew. Returns false when a new model is needed.
   *
   * @param past the values of the slots up to the last one that was taken.
   */
  follow(past: History["values"]): boolean {
    const local =
      this.#clock === undefined ? past : onLocalClock(past, this.stepMillis, this.#lastAt, this.#clock);
    return this.#model.follow(local);
  }

  /**
   * Moves the slots in time. What depends on the time of day must then be fitted again: a season of
   * the local clock, and a total that starts from 0 at midnight.
   */
  shift(millis: number): void {
    const offset = this.#offsetAt(this.#lastAt);
    this.#lastAt += millis;
    this.#localEnd += millis + this.#offsetAt(this.#lastAt) - offset;
    if (this.#clock !== undefined || this.#seen !== undefined) this.#isOffClock = true;
  }

  /**
   * The bounds of values that are no surprise. They hold for the next `steps` values. `undefined`: the model
   * does not see the values themselves.
   */
  unsurprising(steps: number): Required<Bounds> | undefined {
    if (this.#seen !== undefined) return undefined;
    const next = unsurprising(this.#model.predictAt(1, expected));
    const last = unsurprising(this.#model.predictAt(steps, expected));
    const [lower, upper] = [Math.min(next.lower, last.lower), Math.max(next.upper, last.upper)];
    return Number.isFinite(upper - lower) ? { lower, upper } : undefined;
  }

  /** The forecast for the step nearest to `at`. May write on `into`, if it is given. */
  predictAt(at: number, into?: WritableStep): PredictedStep {
    return this.#model.predictAt(Math.max(1, this.#stepsTo(at)), into);
  }

  /**
   * The mean forecast for `at`, interpolated between two steps and extrapolated before the first.
   */
  meanAt(at: number): number {
    const steps = (localTime(this.#clock, at) - this.#localEnd) / this.stepMillis;
    const before = Math.max(1, Math.floor(steps));
    const mean = this.#model.predictAt(before).mean;
    return mean + (this.#model.predictAt(before + 1).mean - mean) * (steps - before);
  }

  /** The time of the first step of the model after `from`; the others follow `stepMillis` apart. */
  stepAfter(from: number): number {
    const sinceEnd = localTime(this.#clock, from) - this.#localEnd;
    const passed = Math.max(0, Math.floor(sinceEnd / this.stepMillis));
    return from + (passed + 1) * this.stepMillis - sinceEnd;
  }

  #stepsTo(at: number): number {
    return Math.round((localTime(this.#clock, at) - this.#localEnd) / this.stepMillis);
  }

  #offsetAt(at: number): number {
    return this.#clock?.offsetMillis(at) ?? 0;
  }
}
