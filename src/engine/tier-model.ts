import type { Bounds } from "../core/bounds.ts";
import type { History } from "../core/history.ts";
import type { ForecastModel, PredictedPath, PredictedStep } from "../core/model.ts";
import { fitModel } from "../forecast/fit-model.ts";
import { DailyTotal } from "../series/daily-total.ts";
import { type LocalClock, localTime, onLocalClock } from "../series/local-clock.ts";
import type { TieredSeries } from "../series/tiered-series.ts";

/** Fewer known points than this are no past to speak of: the series is warming up. */
export const FEWEST_POINTS = 12;
/** A young model is chosen anew when its series has grown by half. */
const GROWTH = 1.5;
const DAY_SECONDS = 86_400;

/** How the models of a series are made. */
export interface ModelOptions {
  readonly method: string;
  readonly bounds: Bounds;
  readonly seasonSeconds: number | undefined;
  /** The clock that daily and weekly seasons follow; absent: UTC, in which every day is alike. */
  readonly clock: LocalClock | undefined;
  /** Whether the series is a total that starts from 0 at midnight. */
  readonly isDailyTotal: boolean;
}

/** The slots of a tier as a model sees them. */
interface ModelGrid {
  readonly stepMillis: number;
  /** Absent where the model has no season of days: then it sees the slots one after the other, as they came. */
  readonly clock: LocalClock | undefined;
}

/** A model of one tier of a series, fed with the slots that are completed after it was fitted. */
export class TierModel {
  readonly model: ForecastModel;
  readonly tier: number;
  readonly fittedAt: number;
  readonly horizonSteps: number;
  readonly #grid: ModelGrid;
  readonly #knownAtFit: number;
  #cursor: number;
  /** Middle of the last slot that was looked at. */
  #lastAt: number;
  /** Local time of the last slot that the model was fed with. */
  #localEnd: number;
  readonly #total: DailyTotal | undefined;
  #isOffClock = false;

  private constructor(
    parts: Pick<TierModel, "model" | "tier" | "fittedAt" | "horizonSteps">,
    grid: ModelGrid,
    position: { known: number; cursor: number; lastAt: number; total: DailyTotal | undefined },
  ) {
    this.model = parts.model;
    this.tier = parts.tier;
    this.fittedAt = parts.fittedAt;
    this.horizonSteps = parts.horizonSteps;
    this.#grid = grid;
    this.#knownAtFit = position.known;
    this.#cursor = position.cursor;
    this.#lastAt = position.lastAt;
    this.#total = position.total;
    this.#localEnd = localTime(grid.clock, position.lastAt);
  }

  /** Chooses and fits a model for a tier; the reason when none can be had. */
  static fit(
    series: TieredSeries,
    tier: number,
    horizonSeconds: number,
    options: ModelOptions,
    now: number,
  ): TierModel | { reason: string } {
    const history = series.history(tier);
    const { stepSeconds, lastAt, cursor } = history;
    if (lastAt === undefined) return { reason: "too few points" };
    const season = options.seasonSeconds === undefined ? history.season : options.seasonSeconds / stepSeconds;
    const grid = { stepMillis: stepSeconds * 1000, clock: clockFor(history, season, options.clock) };
    const total = options.isDailyTotal ? new DailyTotal(options.clock, grid.stepMillis) : undefined;
    const known =
      total === undefined ? history.values : unwrapped(history.values, total, lastAt, grid.stepMillis);
    const values =
      grid.clock === undefined ? known : onLocalClock(known, grid.stepMillis, lastAt, grid.clock);
    const horizonSteps = Math.ceil(horizonSeconds / stepSeconds) + 2;
    // What the total of one day can be does not bound that of many.
    const bounds = options.isDailyTotal ? {} : options.bounds;
    const result = fitModel(
      { values, stepSeconds, ...(season === undefined ? {} : { season }) },
      { method: options.method, bounds, isTotal: options.isDailyTotal, horizonSteps },
    );
    if (result.state === "failed") return { reason: result.reason };
    if (result.state === "warming-up") return { reason: "too few points" };
    return new TierModel({ model: result.model, tier, fittedAt: now, horizonSteps }, grid, {
      known: series.knownPoints(tier),
      cursor,
      lastAt,
      total,
    });
  }

  get stepMillis(): number {
    return this.#grid.stepMillis;
  }

  /** Feeds the slots that were completed since; false when some are no longer kept and it must be fitted anew. */
  feed(series: TieredSeries): boolean {
    const points = series.pointsSince(this.tier, this.#cursor);
    if (!points.complete) return false;
    for (const value of points.values) this.#take(value);
    this.#cursor = points.cursor;
    return true;
  }

  /** Whether another model should be chosen: now and then, while the series is young, and when clocks were changed. */
  isDue(series: TieredSeries, now: number, forecastIntervalMillis: number): boolean {
    if (this.#isOffClock || now - this.fittedAt >= forecastIntervalMillis) return true;
    const isYoung = this.#knownAtFit < this.horizonSteps * 2;
    return isYoung && series.knownPoints(this.tier) >= this.#knownAtFit * GROWTH;
  }

  /** The path until the step nearest to `at`, by the clock of the season: the last completed slot lies a little before now. */
  predictUntil(at: number): PredictedPath {
    return this.model.predict(Math.max(1, this.#stepsTo(at)));
  }

  /** The step nearest to `at` alone. */
  predictAt(at: number): PredictedStep {
    return this.model.predictAt(Math.max(1, this.#stepsTo(at)));
  }

  /** The mean forecast for `at`, straight between two steps and before the first. */
  meanAt(at: number): number {
    const steps = (localTime(this.#grid.clock, at) - this.#localEnd) / this.#grid.stepMillis;
    const before = Math.max(1, Math.floor(steps));
    const mean = this.model.predictAt(before).mean;
    return mean + (this.model.predictAt(before + 1).mean - mean) * (steps - before);
  }

  /** The part of a path that lies ahead of `now`, and how many seconds ahead it begins. */
  aheadOf(now: number, path: Float64Array): { mean: Float64Array; firstStepSeconds: number } {
    const sinceEnd = localTime(this.#grid.clock, now) - this.#localEnd;
    const passed = Math.max(0, Math.floor(sinceEnd / this.stepMillis));
    return {
      mean: path.subarray(passed),
      firstStepSeconds: ((passed + 1) * this.stepMillis - sinceEnd) / 1000,
    };
  }

  /**
   * An hour that local time left out is a gap to the model. Of an hour that comes a second time the model knows as much
   * as it can take; a new fit averages both.
   */
  #take(value: number): void {
    const before = this.#lastAt;
    this.#lastAt += this.#grid.stepMillis;
    const known = this.#total?.take(value, this.#lastAt) ?? value;
    const steps = this.#stepsTo(this.#lastAt);
    if (this.#offsetAt(before) !== this.#offsetAt(this.#lastAt)) this.#isOffClock = true;
    if (steps < 1) return;
    for (let missing = steps - 1; missing > 0; missing--) this.model.update(Number.NaN);
    this.model.update(known);
    this.#localEnd = localTime(this.#grid.clock, this.#lastAt);
  }

  #stepsTo(at: number): number {
    return Math.round((localTime(this.#grid.clock, at) - this.#localEnd) / this.#grid.stepMillis);
  }

  #offsetAt(at: number): number {
    return this.#grid.clock?.offsetMillis(at) ?? 0;
  }
}

/** A total that starts from 0 at midnight as one that never does. */
function unwrapped(
  values: ArrayLike<number>,
  total: DailyTotal,
  lastAt: number,
  stepMillis: number,
): Float64Array {
  return Float64Array.from(values, (value, index) =>
    total.take(value, lastAt - (values.length - 1 - index) * stepMillis),
  );
}

/** The clock, where the season is of whole days and the history is longer than one: otherwise nothing follows it. */
export function clockFor(
  { values, stepSeconds }: Pick<History, "values" | "stepSeconds">,
  season: number | undefined,
  clock: LocalClock | undefined,
): LocalClock | undefined {
  if (season === undefined || (season * stepSeconds) % DAY_SECONDS !== 0) return undefined;
  return values.length > DAY_SECONDS / stepSeconds ? clock : undefined;
}
