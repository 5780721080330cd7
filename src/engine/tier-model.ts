import type { RowTables } from "../math/row-tables.ts";
import type { TierHistory } from "../series/tier-history.ts";
import type { TieredSeries } from "../series/tiered-series.ts";
import { ClockedModel, type ModelOptions } from "./clocked-model.ts";
import { FitRecord, fittedValues, followedPast } from "./fit-record.ts";
import type { SavedModel } from "./learnt-schema.ts";
import { ModelAge } from "./model-age.ts";
import type { Surprises } from "./review/surprises.ts";

/** How the models of all tiers of a series are made. */
export interface TierOptions extends ModelOptions {
  /** The season to try, in seconds. Absent: a day, when the tier holds two days. */
  readonly seasonSeconds: number | undefined;
  readonly forecastIntervalMillis: number;
  /** From 0 to 1: where the series is among those of the process. Absent: in the middle. */
  readonly phase?: number;
  /** Whether models are saved for the next process. Absent: they are. */
  readonly isSaved?: boolean;
  /** Where models are while they are in use. Absent: each has a memory of its own. */
  readonly modelTables?: RowTables;
}

/** Where the surprises of a series are, by tier. */
export interface SurpriseWatch {
  /** `undefined` if the values of a tier are not compared with their forecasts yet. */
  surprisesOf(tier: number): Surprises | undefined;
  /** Compares them from now on. */
  watch(tier: number): Surprises;
}

/** Which model to fit. */
export interface TierRequest {
  /** Number of the tier, 0 for the finest. */
  readonly tier: number;
  /** The longest span that the model will forecast, in seconds. */
  readonly spanSeconds: number;
  /** In epoch milliseconds. */
  readonly now: number;
}

/** A model of one tier of a series, updated with the slots that were completed after the fit. */
export class TierModel {
  readonly model: ClockedModel;
  readonly tier: number;
  readonly #age: ModelAge;
  readonly #spanSeconds: number;
  readonly #knownAtFit: number;
  /** Absent for a model that is never saved. */
  readonly #record: FitRecord | undefined;
  #cursor: number;

  private constructor(
    model: ClockedModel,
    { tier, spanSeconds }: TierRequest,
    fit: { age: ModelAge; known: number; cursor: number; record: FitRecord | undefined },
  ) {
    this.model = model;
    this.tier = tier;
    this.#age = fit.age;
    this.#spanSeconds = spanSeconds;
    this.#knownAtFit = fit.known;
    this.#record = fit.record;
    this.#cursor = fit.cursor;
  }

  /** Fits a model to a tier, or returns the reason why there is none. */
  static fit(
    series: TieredSeries,
    request: TierRequest,
    options: TierOptions,
  ): TierModel | { reason: string } {
    const { tier } = request;
    const past = series.history(tier, { includeOpen: hasWholeSlots(tier) });
    return TierModel.#fitTo(past, request, options, series.knownPoints(tier));
  }

  /**
   * Makes a saved model again. `undefined` when its series lacks values that it was fitted to, or
   * has another step now.
   */
  static restore(series: TieredSeries, saved: SavedModel, options: TierOptions): TierModel | undefined {
    const { tier, fittedAt: now, spanSeconds, end } = saved;
    const present = series.history(tier);
    const values = present.stepSeconds === saved.stepSeconds ? fittedValues(series, saved) : undefined;
    if (values === undefined || present.lastAt === undefined) return undefined;
    const lastAt = present.lastAt + (end - present.cursor) * present.stepSeconds * 1000;
    const past = { ...present, values, lastAt, cursor: end };
    const made = TierModel.#fitTo(past, { tier, now, spanSeconds }, options, saved.known);
    if (!(made instanceof TierModel)) return undefined;
    return made.#relive(series, saved, values) ? made : undefined;
  }

  static #fitTo(
    { lastAt, cursor, ...history }: TierHistory,
    request: TierRequest,
    options: TierOptions,
    known: number,
  ): TierModel | { reason: string } {
    if (lastAt === undefined) return { reason: "too few points" };
    const { stepSeconds } = history;
    const season = options.seasonSeconds === undefined ? history.season : options.seasonSeconds / stepSeconds;
    const past = { ...history, lastAt, ...(season === undefined ? {} : { season }) };
    const steps = horizonSteps(request.spanSeconds, stepSeconds);
    const fit = ClockedModel.fit(past, options, steps);
    if (fit.state === "failed") return { reason: fit.reason };
    if (fit.state === "warming-up") return { reason: "too few points" };
    const fitted = { knownPoints: known, horizonSteps: steps, phase: options.phase };
    const age = new ModelAge(fit.model, request.now, fitted);
    const limit = ((age.intervals + 1) * options.forecastIntervalMillis) / (stepSeconds * 1000);
    const values = Float64Array.from(history.values);
    const record = options.isSaved === false ? undefined : new FitRecord({ values, end: cursor }, limit);
    return new TierModel(fit.model, request, { age, known, cursor, record });
  }

  /** The model as plain data; `undefined` when what it was made of is gone. */
  saved(): SavedModel | undefined {
    const made = this.#record?.saved();
    return (
      made && {
        ...made,
        tier: this.tier,
        stepSeconds: this.model.stepMillis / 1000,
        fittedAt: this.fittedAt,
        followedAt: this.#age.followedAt,
        spanSeconds: this.#spanSeconds,
        known: this.#knownAtFit,
        cursor: this.#cursor,
      }
    );
  }

  /** When the model was fitted, in epoch milliseconds. */
  get fittedAt(): number {
    return this.#age.fittedAt;
  }

  /**
   * Updates the model with the slots that are new. Returns false when some of them are no longer
   * stored; the model must then be fitted again.
   *
   * @param watch Compares each value with the forecast for its slot.
   * @param until the time of the last sample that counts. Default: all count.
   */
  feed(series: TieredSeries, watch?: SurpriseWatch, until?: number): boolean {
    const includeOpen = hasWholeSlots(this.tier);
    const points = series.pointsSince(this.tier, this.#cursor, { includeOpen, until });
    if (!points.complete) return false;
    this.#moveTo(points.lastAt - points.values.length * this.model.stepMillis);
    for (const value of points.values) this.#take(value, this.#surprisesBy(value, watch));
    this.#cursor = points.cursor;
    return true;
  }

  /** Whether it is as good as a new model for many forecast intervals. */
  get lasts(): boolean {
    return this.#age.lasts;
  }

  /** Whether the model must be replaced, or must follow its seasons. */
  isDue(series: TieredSeries, now: number, forecastIntervalMillis: number): boolean {
    return (
      this.#isOver(series, now, forecastIntervalMillis) || this.#age.mustFollow(now, forecastIntervalMillis)
    );
  }

  /** Estimates the seasons anew, in place of a fit. Returns false when a new model is needed. */
  follow(series: TieredSeries, now: number, forecastIntervalMillis: number): boolean {
    if (this.#isOver(series, now, forecastIntervalMillis)) return false;
    const past = series.history(this.tier, { includeOpen: hasWholeSlots(this.tier) });
    if (past.cursor !== this.#cursor || !this.model.follow(past.values)) return false;
    this.#age.followed(now);
    if (this.model.hasSeasons) this.#record?.followed(past.values.length);
    return true;
  }

  /** Does what a saved model did since its fit. Returns false when the series lacks values for it. */
  #relive(series: TieredSeries, saved: SavedModel, fitted: Float64Array): boolean {
    let taken = 0;
    for (const followed of saved.followed ?? []) {
      while (taken < followed.taken) this.#take(saved.taken[taken++] as number);
      const past = followedPast(series, saved, fitted, followed);
      if (past === undefined || !this.model.follow(past)) return false;
      this.#record?.followed(past.length);
    }
    while (taken < saved.taken.length) this.#take(saved.taken[taken++] as number);
    this.#cursor = saved.cursor;
    this.#age.followed(saved.followedAt ?? saved.fittedAt);
    return true;
  }

  /** Whether it must be replaced: it is too old, or the local clock was changed. */
  #isOver(series: TieredSeries, now: number, forecastIntervalMillis: number): boolean {
    if (this.model.isOffClock) return true;
    return this.#age.isOver(series.knownPoints(this.tier), now, forecastIntervalMillis);
  }

  /** Moves the model if its last slot is at another time now: the clock was set, or a gap was cut. */
  #moveTo(lastAt: number): void {
    const movedMillis = lastAt - this.model.lastAt;
    if (Math.abs(movedMillis) < 1) return;
    this.model.shift(movedMillis);
    this.#age.shift(movedMillis);
  }

  /** What compares a value with its forecast. As long as a series does not move, nothing does. */
  #surprisesBy(value: number, watch: SurpriseWatch | undefined): Surprises | undefined {
    const known = watch?.surprisesOf(this.tier);
    const surprises = known ?? (this.model.isStillAt(value) ? undefined : watch?.watch(this.tier));
    surprises?.compareWith(this.#age);
    return surprises;
  }

  #take(value: number, surprises?: Surprises): void {
    this.model.take(value, surprises);
    this.#record?.took(value);
  }
}

/** How many steps ahead a model for a span predicts. */
function horizonSteps(spanSeconds: number, stepSeconds: number): number {
  return Math.ceil(spanSeconds / stepSeconds) + 2;
}

/**
 * Whether the open slot of a tier has its final value: a slot of the finest tier is one collection,
 * and that of a coarser one has not ended.
 */
function hasWholeSlots(tier: number): boolean {
  return tier === 0;
}
