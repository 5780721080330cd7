import type { TieredSeries } from "../series/tiered-series.ts";
import { ClockedModel, type ModelOptions } from "./clocked-model.ts";

/** A young model is chosen anew when its series has grown by half. */
const GROWTH = 1.5;

/** How the models of the tiers of a series are made. */
export interface TierOptions extends ModelOptions {
  /** The season to look for, in seconds; absent: a day, when the tier holds two. */
  readonly seasonSeconds: number | undefined;
}

/** Which model is to be fitted. */
export interface TierRequest {
  /** Number of the tier, 0 for the finest. */
  readonly tier: number;
  /** The longest span that the model will forecast. */
  readonly spanSeconds: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** A model of one tier of a series, fed with the slots that are completed after it was fitted. */
export class TierModel {
  readonly model: ClockedModel;
  readonly tier: number;
  readonly fittedAt: number;
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
    this.fittedAt = now;
    this.#horizonSteps = fit.horizonSteps;
    this.#knownAtFit = fit.known;
    this.#cursor = fit.cursor;
  }

  /** Fits a model to a tier; gives the reason when there can be none. */
  static fit(
    series: TieredSeries,
    request: TierRequest,
    options: TierOptions,
  ): TierModel | { reason: string } {
    const { tier, spanSeconds } = request;
    const { lastAt, cursor, ...history } = series.history(tier);
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

  /** Feeds the slots that were completed since; false when some are no longer kept and it must be fitted anew. */
  feed(series: TieredSeries): boolean {
    const points = series.pointsSince(this.tier, this.#cursor);
    if (!points.complete) return false;
    for (const value of points.values) this.model.take(value);
    this.#cursor = points.cursor;
    return true;
  }

  /** Whether another model should be chosen: at intervals, while the series is young, and when clocks were changed. */
  isDue(series: TieredSeries, now: number, forecastIntervalMillis: number): boolean {
    if (this.model.isOffClock || now - this.fittedAt >= forecastIntervalMillis) return true;
    const isYoung = this.#knownAtFit < this.#horizonSteps * 2;
    return isYoung && series.knownPoints(this.tier) >= this.#knownAtFit * GROWTH;
  }
}
