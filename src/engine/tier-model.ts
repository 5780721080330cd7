import type { TieredSeries } from "../series/tiered-series.ts";
import { ClockedModel, type ModelOptions } from "./clocked-model.ts";
import type { Surprises } from "./review/surprises.ts";

/** A young model is replaced when its series has grown by this factor. */
const GROWTH = 1.5;

/** How the models of all tiers of a series are made. */
export interface TierOptions extends ModelOptions {
  /** The season to try, in seconds. Absent: a day, when the tier holds two days. */
  readonly seasonSeconds: number | undefined;
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
  readonly #horizonSteps: number;
  readonly #knownAtFit: number;
  #cursor: number;

  private constructor(
    model: ClockedModel,
    { tier, now }: TierRequest,
    fit: { horizonSteps: number; known: number; cursor: number },
  ) {
    this.model = model;
    this.tier = tier;
    this.#fittedAt = now;
    this.#horizonSteps = fit.horizonSteps;
    this.#knownAtFit = fit.known;
    this.#cursor = fit.cursor;
  }

  /** Fits a model to a tier, or returns the reason why there is none. */
  static fit(
    series: TieredSeries,
    request: TierRequest,
    options: TierOptions,
  ): TierModel | { reason: string } {
    const { tier, spanSeconds } = request;
    const { lastAt, cursor, ...history } = series.history(tier, { includeOpen: hasWholeSlots(tier) });
    if (lastAt === undefined) return { reason: "too few points" };
    const { stepSeconds } = history;
    const season = options.seasonSeconds === undefined ? history.season : options.seasonSeconds / stepSeconds;
    const past = { ...history, lastAt, ...(season === undefined ? {} : { season }) };
    const horizonSteps = Math.ceil(spanSeconds / stepSeconds) + 2;
    const fit = ClockedModel.fit(past, options, horizonSteps);
    if (fit.state === "failed") return { reason: fit.reason };
    if (fit.state === "warming-up") return { reason: "too few points" };
    return new TierModel(fit.model, request, { horizonSteps, known: series.knownPoints(tier), cursor });
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
    for (const value of points.values) this.model.take(value, surprises);
    this.#cursor = points.cursor;
    return true;
  }

  /**
   * Whether a new model is needed: after the forecast interval, when a young series has grown, and
   * when the local clock was changed.
   */
  isDue(series: TieredSeries, now: number, forecastIntervalMillis: number): boolean {
    if (this.model.isOffClock || now - this.#fittedAt >= forecastIntervalMillis) return true;
    const isYoung = this.#knownAtFit < this.#horizonSteps * 2;
    return isYoung && series.knownPoints(this.tier) >= this.#knownAtFit * GROWTH;
  }

  /** Moves the model if its last slot is at another time now: the clock was set, or a gap was cut. */
  #follow(lastAt: number): void {
    const movedMillis = lastAt - this.model.lastAt;
    if (Math.abs(movedMillis) < 1) return;
    this.model.shift(movedMillis);
    this.#fittedAt += movedMillis;
  }
}

/**
 * Whether the open slot of a tier has its final value already: a slot of the finest tier is one
 * collection. The value of a coarser slot is not known before the slot ends.
 */
function hasWholeSlots(tier: number): boolean {
  return tier === 0;
}
