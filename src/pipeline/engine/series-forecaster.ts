import type { Forecast } from "../../core/forecast.ts";
import type { Horizon } from "../../core/horizon.ts";
import type { AlertForecast } from "../../insight/alert-condition.ts";
import { describeForecast } from "../../insight/describe-forecast.ts";
import type { TieredSeries } from "../../series/tiered-series.ts";
import type { PredictedInterval, SeriesPublication } from "../series-publication.ts";
import { LiveTrial } from "./live-trial.ts";
import { crossingAhead, intervalAt, type Outlook } from "./outlook.ts";
import type { SeriesPlan } from "./series-plan.ts";
import { FEWEST_POINTS, type TierModel } from "./tier-model.ts";
import { TierModels } from "./tier-models.ts";

/** The level of the intervals that are published. */
const LEVEL = 0.8;
const LEVEL_LABEL = String(LEVEL);
/** What chooses among models; a method that a person named is kept whatever comes. */
const AUTO = "auto";

/** Forecasts one series at its horizons, each from the resolution that suits it, and reviews its past forecasts. */
export class SeriesForecaster {
  readonly plan: SeriesPlan;
  readonly #series: TieredSeries;
  readonly #publication: SeriesPublication;
  readonly #models: TierModels;
  readonly #trials = new Map<Horizon, LiveTrial>();
  readonly #outlooks = new Map<Horizon, Outlook>();
  #failure: string | undefined;
  #at = 0;

  constructor(plan: SeriesPlan, series: TieredSeries, publication: SeriesPublication) {
    this.plan = plan;
    this.#series = series;
    this.#publication = publication;
    this.#models = new TierModels(series, plan);
    const { stepMillis, method } = plan;
    for (const horizon of plan.horizons) {
      const horizonMillis = horizon.seconds * 1000;
      this.#trials.set(horizon, new LiveTrial({ horizonMillis, stepMillis, mayDismiss: method === AUTO }));
    }
  }

  /** Whether a model is needed out of turn: no horizon has one yet, or one was dismissed. */
  get isWaiting(): boolean {
    if (this.#models.isEmpty) return true;
    for (const trial of this.#trials.values()) if (trial.awaitsSelection) return true;
    return false;
  }

  /** The tiers that a model should be chosen for now. */
  dueTiers(now: number): number[] {
    const due = new Set<number>();
    for (const horizon of this.plan.horizons) {
      const tier = this.#tierOf(horizon);
      const isDue = this.#models.isDue(tier, now, this.plan.forecastIntervalMillis);
      if (isDue || this.#trials.get(horizon)?.awaitsSelection === true) due.add(tier);
    }
    return [...due];
  }

  fit(tier: number, now: number): void {
    this.#failure = this.#models.choose(tier, this.#longestFrom(tier), now).reason;
    if (this.#failure !== undefined) return;
    for (const [horizon, trial] of this.#trials) if (this.#tierOf(horizon) === tier) trial.selected();
  }

  /** Feeds what has been completed, forecasts, reviews and publishes. */
  refresh(value: number, now: number): void {
    this.#at = now;
    this.#models.feed();
    const standIns = new Set<number>();
    for (const [horizon, trial] of this.#trials) {
      trial.observe({ at: now, value });
      const chosen = this.#models.chosenFor(this.#tierOf(horizon));
      if (chosen === undefined) this.#withdraw(horizon);
      else if (trial.isInUse) this.#publishBy(chosen, horizon, value, trial);
      else {
        standIns.add(chosen.tier);
        this.#tryOut(chosen, horizon, value, trial);
      }
    }
    this.#models.keepStandIns(standIns);
    this.#publish();
  }

  forecasts(): Forecast[] {
    return this.plan.horizons.map((horizon) => this.#forecastAt(horizon));
  }

  /** Where the series stands, and its forecast at a horizon as far as there is one; `undefined` before a first value. */
  readingAt(horizonSeconds: number): { current: number; forecast?: AlertForecast } | undefined {
    const current = this.#series.latest?.value;
    if (current === undefined) return undefined;
    for (const [horizon, { lower, predicted, upper, model }] of this.#outlooks) {
      if (horizon.seconds !== horizonSeconds) continue;
      const errorRatio = this.#trials.get(horizon)?.errorRatio;
      const { errorVersusNaive } = model.model;
      return { current, forecast: { lower, predicted, upper, errorRatio, errorVersusNaive } };
    }
    return { current };
  }

  remove(): void {
    this.#publication.remove();
  }

  #publishBy(chosen: TierModel, horizon: Horizon, value: number, trial: LiveTrial): void {
    const outlook = this.#outlookOf(chosen, horizon, value);
    this.#outlooks.set(horizon, outlook);
    this.#remember(trial, horizon, outlook);
  }

  /** The chosen model is on trial, and naive speaks. */
  #tryOut(chosen: TierModel, horizon: Horizon, value: number, trial: LiveTrial): void {
    this.#remember(trial, horizon, { ...intervalAt(chosen, this.#dueAt(horizon)), current: value });
    const standIn = this.#models.standInFor(chosen, this.#longestFrom(chosen.tier), this.#at);
    this.#outlooks.set(horizon, this.#outlookOf(standIn, horizon, value));
  }

  #remember(trial: LiveTrial, horizon: Horizon, said: PredictedInterval & { current: number }): void {
    const { predicted, lower, upper, current: naive } = said;
    trial.remember({ at: this.#at, dueAt: this.#dueAt(horizon), predicted, lower, upper, naive });
  }

  #outlookOf(model: TierModel, horizon: Horizon, current: number): Outlook {
    const dueAt = this.#dueAt(horizon);
    const timeToThresholdSeconds = crossingAhead(model, this.plan.threshold, {
      now: this.#at,
      dueAt,
      current,
    });
    return { ...intervalAt(model, dueAt), current, model, timeToThresholdSeconds };
  }

  #withdraw(horizon: Horizon): void {
    if (this.#outlooks.delete(horizon)) this.#publication.withdraw(horizon);
  }

  #dueAt(horizon: Horizon): number {
    return this.#at + horizon.seconds * 1000;
  }

  #tierOf(horizon: Horizon): number {
    return this.#series.tierFor(horizon.seconds);
  }

  /** The longest of the horizons that are forecast from a tier, in seconds. */
  #longestFrom(tier: number): number {
    const horizons = this.plan.horizons.filter((horizon) => this.#tierOf(horizon) === tier);
    return Math.max(1, ...horizons.map((horizon) => horizon.seconds));
  }

  #publish(): void {
    const longest = this.#longestOutlook();
    this.#publication.ready(longest !== undefined);
    for (const [horizon, outlook] of this.#outlooks) {
      this.#publication.forecast(horizon, outlook, LEVEL_LABEL);
      const trial = this.#trials.get(horizon);
      if (trial !== undefined) this.#publication.accuracy(horizon, trial, LEVEL_LABEL);
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
    const { key, unit, threshold } = this.plan;
    const { agent } = key.labels;
    const subject = {
      metricName: key.metric,
      ...(agent === undefined ? {} : { agentName: agent }),
      labels: key.labels,
      horizonSeconds: horizon.seconds,
      at: this.#at,
    };
    const outlook = this.#outlooks.get(horizon);
    if (outlook !== undefined) {
      const { method, errorVersusNaive } = outlook.model.model;
      const numbers = { ...outlook, level: LEVEL, method, errorVersusNaive, unit, threshold };
      return describeForecast(subject, numbers);
    }
    const missingPoints = FEWEST_POINTS - this.#series.knownPoints(this.#tierOf(horizon));
    if (missingPoints > 0 || this.#failure === undefined) {
      return { ...subject, state: "warming-up", missingPoints: Math.max(1, missingPoints) };
    }
    return { ...subject, state: "failed", reason: this.#failure };
  }
}
