import type { Bounds } from "../../core/bounds.ts";
import type { ForecastModel, PredictedPath } from "../../core/model.ts";
import { fitModel } from "../../forecast/fit-model.ts";
import type { TieredSeries } from "../../series/tiered-series.ts";

/** Fewer known points than this are no past to speak of: the series is warming up. */
export const FEWEST_POINTS = 12;
/** A young model is chosen anew when its series has grown by half. */
const GROWTH = 1.5;

/** How the models of a series are made. */
export interface ModelOptions {
  readonly method: string;
  readonly bounds: Bounds;
  readonly seasonSeconds: number | undefined;
}

/** A model of one tier of a series, fed with the slots that are completed after it was fitted. */
export class TierModel {
  readonly model: ForecastModel;
  readonly stepMillis: number;
  readonly fittedAt: number;
  readonly horizonSteps: number;
  readonly #tier: number;
  readonly #knownAtFit: number;
  #cursor: number;
  #lastAt: number;

  private constructor(
    parts: Pick<TierModel, "model" | "stepMillis" | "fittedAt" | "horizonSteps">,
    position: { tier: number; known: number; cursor: number; lastAt: number },
  ) {
    this.model = parts.model;
    this.stepMillis = parts.stepMillis;
    this.fittedAt = parts.fittedAt;
    this.horizonSteps = parts.horizonSteps;
    this.#tier = position.tier;
    this.#knownAtFit = position.known;
    this.#cursor = position.cursor;
    this.#lastAt = position.lastAt;
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
    const known = series.knownPoints(tier);
    const season =
      options.seasonSeconds === undefined ? history.season : options.seasonSeconds / history.stepSeconds;
    const horizonSteps = Math.ceil(horizonSeconds / history.stepSeconds) + 2;
    const result = fitModel(
      {
        values: history.values,
        stepSeconds: history.stepSeconds,
        ...(season === undefined ? {} : { season }),
      },
      { method: options.method, bounds: options.bounds, horizonSteps },
    );
    if (result.state === "failed") return { reason: result.reason };
    if (result.state === "warming-up" || history.lastAt === undefined) return { reason: "too few points" };
    return new TierModel(
      { model: result.model, stepMillis: history.stepSeconds * 1000, fittedAt: now, horizonSteps },
      { tier, known, cursor: history.cursor, lastAt: history.lastAt },
    );
  }

  /** Feeds the slots that were completed since; false when some are no longer kept and it must be fitted anew. */
  feed(series: TieredSeries): boolean {
    const points = series.pointsSince(this.#tier, this.#cursor);
    if (!points.complete) return false;
    for (const value of points.values) this.model.update(value);
    this.#cursor = points.cursor;
    this.#lastAt += points.values.length * this.stepMillis;
    return true;
  }

  isDue(series: TieredSeries, now: number, forecastIntervalMillis: number): boolean {
    if (now - this.fittedAt >= forecastIntervalMillis) return true;
    const isYoung = this.#knownAtFit < this.horizonSteps * 2;
    return isYoung && series.knownPoints(this.#tier) >= this.#knownAtFit * GROWTH;
  }

  /** Index into a path of the step nearest to `at`: the last completed slot lies a little before now. */
  indexOf(at: number): number {
    return Math.max(1, Math.round((at - this.#lastAt) / this.stepMillis)) - 1;
  }

  /** The part of a path that lies ahead of `now`, and how many seconds ahead it begins. */
  aheadOf(now: number, path: Float64Array): { mean: Float64Array; firstStepSeconds: number } {
    const passed = Math.max(0, Math.floor((now - this.#lastAt) / this.stepMillis));
    const firstAt = this.#lastAt + (passed + 1) * this.stepMillis;
    return { mean: path.subarray(passed), firstStepSeconds: (firstAt - now) / 1000 };
  }

  predictUntil(at: number): PredictedPath {
    return this.model.predict(this.indexOf(at) + 1);
  }
}
