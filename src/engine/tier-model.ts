import type { TierHistory } from "../series/tier-history.ts";
import type { TieredSeries } from "../series/tiered-series.ts";
import { ClockedModel, type ModelOptions } from "./clocked-model.ts";
import { FitRecord, fittedValues } from "./fit-record.ts";
import type { SavedModel } from "./learnt-schema.ts";
import type { Surprises } from "./review/surprises.ts";

/** A young model is replaced when its series has grown by this factor. */
const GROWTH = 1.5;
/**
 * A model that does not grow old stays in use for this many forecast intervals, if it was fitted to
 * enough points. `npm run bench:lasting` compares such models with new ones.
 */
const LASTING_INTERVALS = 4;
const MIN_LASTING_POINTS = 300;

/** How the models of all tiers of a series are made. */
export interface TierOptions extends ModelOptions {
  /** The season to try, in seconds. Absent: a day, when the tier holds two days. */
  readonly seasonSeconds: number | undefined;
  readonly forecastIntervalMillis: number;
  /** Whether models are saved for the next process. Absent: they are. */
  readonly isSaved?: boolean;
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
  #fittedAt: number;
  readonly #spanSeconds: number;
  readonly #knownAtFit: number;
  /** Absent for a model that is never saved. */
  readonly #record: FitRecord | undefined;
  #cursor: number;

  private constructor(
    model: ClockedModel,
    { tier, now, spanSeconds }: TierRequest,
    fit: { known: number; cursor: number; record: FitRecord | undefined },
  ) {
    this.model = model;
    this.tier = tier;
    this.#fittedAt = now;
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
    for (const value of saved.taken) made.#take(value);
    made.#cursor = saved.cursor;
    return made;
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
    const fit = ClockedModel.fit(past, options, horizonSteps(request.spanSeconds, stepSeconds));
    if (fit.state === "failed") return { reason: fit.reason };
    if (fit.state === "warming-up") return { reason: "too few points" };
    const intervals = intervalsOf(fit.model, known);
    const limit = ((intervals + 1) * options.forecastIntervalMillis) / (stepSeconds * 1000);
    const record =
      options.isSaved === false
        ? undefined
        : new FitRecord({ values: Float64Array.from(history.values), end: cursor }, limit);
    return new TierModel(fit.model, request, { known, cursor, record });
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
        spanSeconds: this.#spanSeconds,
        known: this.#knownAtFit,
        cursor: this.#cursor,
      }
    );
  }

  /** When the model was fitted, in epoch milliseconds. */
  get fittedAt(): number {
    return this.#fittedAt;
  }

  /**
   * Updates the model with the slots that are new. Returns false when some of them are no longer
   * stored; the model must then be fitted again.
   *
   * @param surprises Compares each value with the forecast for its slot.
   */
  feed(series: TieredSeries, surprises?: Surprises): boolean {
    const points = series.pointsSince(this.tier, this.#cursor, { includeOpen: hasWholeSlots(this.tier) });
    if (!points.complete) return false;
    this.#follow(points.lastAt - points.values.length * this.model.stepMillis);
    for (const value of points.values) this.#take(value, surprises);
    this.#cursor = points.cursor;
    return true;
  }

  /**
   * Whether a new model is needed: after the forecast interval, or some of them for a lasting model,
   * when a young series has grown, and when the local clock was changed.
   */
  isDue(series: TieredSeries, now: number, forecastIntervalMillis: number): boolean {
    const lifeMillis = intervalsOf(this.model, this.#knownAtFit) * forecastIntervalMillis;
    if (this.model.isOffClock || now - this.#fittedAt >= lifeMillis) return true;
    const steps = horizonSteps(this.#spanSeconds, this.model.stepMillis / 1000);
    const isYoung = this.#knownAtFit < steps * 2;
    return isYoung && series.knownPoints(this.tier) >= this.#knownAtFit * GROWTH;
  }

  /** Moves the model if its last slot is at another time now: the clock was set, or a gap was cut. */
  #follow(lastAt: number): void {
    const movedMillis = lastAt - this.model.lastAt;
    if (Math.abs(movedMillis) < 1) return;
    this.model.shift(movedMillis);
    this.#fittedAt += movedMillis;
  }

  #take(value: number, surprises?: Surprises): void {
    this.model.take(value, surprises);
    this.#record?.took(value);
  }
}

/** For how many forecast intervals a model stays in use. */
function intervalsOf({ isLasting }: ClockedModel, knownPoints: number): number {
  return isLasting && knownPoints >= MIN_LASTING_POINTS ? LASTING_INTERVALS : 1;
}

/** How many steps ahead a model for a span predicts. */
function horizonSteps(spanSeconds: number, stepSeconds: number): number {
  return Math.ceil(spanSeconds / stepSeconds) + 2;
}

/**
 * Whether the open slot of a tier has its final value already: a slot of the finest tier is one
 * collection. The value of a coarser slot is not known before the slot ends.
 */
function hasWholeSlots(tier: number): boolean {
  return tier === 0;
}
