import type { Forecast } from "../../core/forecast.ts";
import type { Horizon } from "../../core/horizon.ts";
import type { SeriesKey } from "../../core/series-key.ts";
import type { Threshold } from "../../core/threshold.ts";
import { describeForecast } from "../../insight/describe-forecast.ts";
import { ForecastReview } from "../../insight/forecast-review.ts";
import { timeToThreshold } from "../../insight/time-to-threshold.ts";
import type { TieredSeries } from "../../series/tiered-series.ts";
import type { SeriesPublication } from "../series-publication.ts";
import { FEWEST_POINTS, type ModelOptions, TierModel } from "./tier-model.ts";

/** The level of the intervals that are published. */
const LEVEL = 0.8;
const LEVEL_LABEL = String(LEVEL);

/** What a series is forecast by. */
export interface SeriesPlan extends ModelOptions {
  readonly key: SeriesKey;
  readonly unit: string;
  readonly horizons: readonly Horizon[];
  readonly threshold: Threshold | undefined;
  readonly forecastIntervalMillis: number;
  readonly stepMillis: number;
}

/** A forecast at one horizon as numbers; what follows from it is said when it is asked for. */
interface Outlook {
  readonly current: number;
  readonly predicted: number;
  readonly lower: number;
  readonly upper: number;
  readonly model: TierModel;
  readonly timeToThresholdSeconds: number | undefined;
}

/** Forecasts one series at its horizons, each from the resolution that suits it, and reviews its past forecasts. */
export class SeriesForecaster {
  readonly plan: SeriesPlan;
  readonly #series: TieredSeries;
  readonly #publication: SeriesPublication;
  readonly #models = new Map<number, TierModel>();
  readonly #reviews = new Map<Horizon, ForecastReview>();
  readonly #outlooks = new Map<Horizon, Outlook>();
  #failure: string | undefined;
  #at = 0;

  constructor(plan: SeriesPlan, series: TieredSeries, publication: SeriesPublication) {
    this.plan = plan;
    this.#series = series;
    this.#publication = publication;
    for (const horizon of plan.horizons) {
      const toleranceMillis = Math.max(plan.stepMillis, 1000);
      this.#reviews.set(horizon, new ForecastReview({ toleranceMillis }));
    }
  }

  /** Whether any horizon has no model yet. */
  get isWaiting(): boolean {
    return this.#models.size === 0;
  }

  /** The tiers that a model should be chosen for now. */
  dueTiers(now: number): number[] {
    const tiers = new Set(this.plan.horizons.map((horizon) => this.#series.tierFor(horizon.seconds)));
    return [...tiers].filter((tier) => {
      if (this.#series.knownPoints(tier) < FEWEST_POINTS) return false;
      return this.#models.get(tier)?.isDue(this.#series, now, this.plan.forecastIntervalMillis) ?? true;
    });
  }

  fit(tier: number, now: number): void {
    const horizons = this.plan.horizons.filter((horizon) => this.#series.tierFor(horizon.seconds) === tier);
    const longest = Math.max(...horizons.map((horizon) => horizon.seconds));
    const fitted = TierModel.fit(this.#series, tier, longest, this.plan, now);
    if (fitted instanceof TierModel) {
      this.#models.set(tier, fitted);
      this.#failure = undefined;
    } else {
      this.#failure = fitted.reason;
    }
  }

  /** Feeds what has been completed, forecasts, reviews and publishes. */
  refresh(value: number, now: number): void {
    this.#at = now;
    for (const review of this.#reviews.values()) review.observe({ at: now, value });
    for (const [tier, model] of this.#models) if (!model.feed(this.#series)) this.#models.delete(tier);
    for (const horizon of this.plan.horizons) this.#look(horizon, value, now);
    this.#publish();
  }

  forecasts(): Forecast[] {
    return this.plan.horizons.map((horizon) => this.#forecastAt(horizon));
  }

  remove(): void {
    this.#publication.remove();
  }

  #look(horizon: Horizon, value: number, now: number): void {
    const model = this.#modelFor(horizon);
    if (model === undefined) {
      if (this.#outlooks.delete(horizon)) this.#publication.withdraw(horizon);
      return;
    }
    const dueAt = now + horizon.seconds * 1000;
    const path = model.predictUntil(dueAt);
    const index = path.mean.length - 1;
    const predicted = path.mean[index] as number;
    const lower = path.lower80[index] as number;
    const upper = path.upper80[index] as number;
    const { threshold } = this.plan;
    const crossing =
      threshold === undefined
        ? undefined
        : timeToThreshold({
            current: value,
            ...model.aheadOf(now, path.mean),
            stepSeconds: model.stepMillis / 1000,
            threshold,
          });
    this.#outlooks.set(horizon, {
      current: value,
      predicted,
      lower,
      upper,
      model,
      timeToThresholdSeconds: crossing,
    });
    this.#reviews.get(horizon)?.remember({ at: now, dueAt, predicted, lower, upper, naive: value });
  }

  /** The model of the tier that suits the horizon; until that is fitted, of the next finer one that has a model. */
  #modelFor(horizon: Horizon): TierModel | undefined {
    for (let tier = this.#series.tierFor(horizon.seconds); tier >= 0; tier -= 1) {
      const model = this.#models.get(tier);
      if (model !== undefined) return model;
    }
    return undefined;
  }

  #publish(): void {
    const longest = this.#longestOutlook();
    this.#publication.ready(longest !== undefined);
    for (const [horizon, { predicted, lower, upper }] of this.#outlooks) {
      this.#publication.forecast(horizon, { predicted, lower, upper }, LEVEL_LABEL);
      const review = this.#reviews.get(horizon);
      this.#publication.accuracy(
        horizon,
        { errorRatio: review?.errorRatio, coverage: review?.coverage },
        LEVEL_LABEL,
      );
    }
    if (longest === undefined) {
      this.#publication.withdrawTrend();
      return;
    }
    this.#publication.slope((longest.outlook.predicted - longest.outlook.current) / longest.horizon.seconds);
    this.#publication.timeToThreshold(this.plan.threshold, longest.outlook.timeToThresholdSeconds);
  }

  #longestOutlook(): { horizon: Horizon; outlook: Outlook } | undefined {
    let longest: { horizon: Horizon; outlook: Outlook } | undefined;
    for (const [horizon, outlook] of this.#outlooks) {
      if (longest === undefined || horizon.seconds > longest.horizon.seconds) longest = { horizon, outlook };
    }
    return longest;
  }

  #forecastAt(horizon: Horizon): Forecast {
    const { key } = this.plan;
    const { agent } = key.labels;
    const subject = {
      metricName: key.metric,
      ...(agent === undefined ? {} : { agentName: agent }),
      labels: { ...key.labels },
      horizonSeconds: horizon.seconds,
      at: this.#at,
    };
    const outlook = this.#outlooks.get(horizon);
    if (outlook !== undefined) {
      const { method, errorVersusNaive } = outlook.model.model;
      const { unit, threshold } = this.plan;
      return describeForecast(subject, {
        ...outlook,
        level: LEVEL,
        method,
        errorVersusNaive,
        unit,
        threshold,
      });
    }
    const missingPoints = FEWEST_POINTS - this.#series.knownPoints(this.#series.tierFor(horizon.seconds));
    if (missingPoints > 0 || this.#failure === undefined) {
      return { ...subject, state: "warming-up", missingPoints: Math.max(1, missingPoints) };
    }
    return { ...subject, state: "failed", reason: this.#failure };
  }
}
