import type { AlertForecast } from "../alerts/state/alert-condition.ts";
import type { Forecast } from "../core/forecast.ts";
import type { Horizon } from "../core/horizon.ts";
import type { Threshold } from "../core/threshold.ts";
import type { WindowedNumber } from "../core/windowed-number.ts";
import { INTERVAL_LEVEL } from "../metrics/forecast-metrics.ts";
import type { TierHistory } from "../series/tier-history.ts";
import type { TieredSeries } from "../series/tiered-series.ts";
import { forecastOf } from "./forecast-of.ts";
import { LateModels } from "./late-models.ts";
import { readLearnt, type SavedLearnt } from "./learnt-schema.ts";
import type { Accuracy, SeriesPublication } from "./publication/series-publication.ts";
import type { PastForecast } from "./review/pending-forecasts.ts";
import type { SeriesOutlook } from "./series-outlook.ts";
import type { SeriesPlan } from "./series-plan.ts";

/**
 * Forecasts one series at its horizons, publishes the forecasts and answers questions about them. A
 * collection updates its models. Forecasts are made of them when somebody reads them.
 */
export class SeriesForecaster {
  readonly plan: SeriesPlan;
  readonly #series: TieredSeries;
  readonly #publication: SeriesPublication;
  readonly #models: LateModels;
  /** The newest value and its time; `NaN` before the first one. */
  #latestAt = Number.NaN;
  #latestValue = Number.NaN;
  /** Kept for who reads one series again and again, until the models change. */
  #outlook: SeriesOutlook | undefined;
  #isPublished = true;
  /** Whether the newest value was reviewed. Until then, its models may still be replaced in the same collection. */
  #isReviewed = true;
  #changes = 0;
  #isStandingStill = false;

  constructor(plan: SeriesPlan, series: TieredSeries, publication: SeriesPublication) {
    this.plan = plan;
    this.#series = series;
    this.#publication = publication;
    this.#models = new LateModels(series, plan);
  }

  /** Whether the series needs a model before the next regular selection. */
  get isWaiting(): boolean {
    return this.#models.now.isWaiting;
  }

  /** Whether the newest values contradict a model. */
  get isSurprised(): boolean {
    return this.#models.now.isSurprised;
  }

  /** Another number after each change of what was learnt. */
  get changes(): number {
    return this.#changes;
  }

  /** What was learnt beside the history, as plain data. */
  saved(): SavedLearnt {
    return this.#models.saved();
  }

  /** Takes over what the last process saved. What can't be used is learnt from the history again. */
  restore(saved: unknown): void {
    const learnt = readLearnt(saved);
    this.#changes += 1;
    if (learnt !== undefined) this.#models.restore(learnt);
  }

  /** Whether models of the last process are still to be made again. */
  get hasSaved(): boolean {
    return this.#models.present.hasSaved;
  }

  /** Makes one of them again. It costs as much as a fit. */
  makeSaved(): void {
    this.#changes += 1;
    this.#models.makeSaved();
  }

  /** The next value will not be that of the next slot. Call it before the series stores it. */
  catchUp(): void {
    this.#models.catchUp();
  }

  /**
   * Whether the newest value, which the series has stored already, can wait: until somebody reads the
   * series, or until a later value is fed.
   *
   * @param turn the number of the collection.
   */
  postpone(turn: number, at: number, value: number): boolean {
    if (!this.#models.postpone(turn, value)) return false;
    this.#newest(at, value);
    return true;
  }

  /**
   * Updates the models with the newest value, which the series has stored already.
   *
   * @param turn the number of the collection.
   */
  feed(turn: number, at: number, value: number): void {
    this.#isReviewed = false;
    this.#models.feed(turn);
    this.#newest(at, value);
  }

  /** The number of the last collection in which the series had a value. */
  get turn(): number {
    return this.#models.turn;
  }

  /** Whether a tier needs a new model now. */
  isDue(now: number): boolean {
    return this.#models.isDue(now);
  }

  /** The tiers that need a new model now. */
  dueTiers(now: number): readonly number[] {
    return this.#models.now.dueTiers(now);
  }

  fit(tier: number, now: number): void {
    this.#changed();
    this.#models.now.fit(tier, now);
  }

  /** Scores past forecasts by the newest value, and remembers new ones. Call it after each `feed`. */
  review(window?: WindowedNumber): void {
    this.#isReviewed = true;
    this.#changed();
    this.#models.review({ at: this.#latestAt, value: this.#latestValue }, window);
  }

  /** Publishes the forecasts, if a whole collection has changed them. */
  publish(): void {
    if (this.#isPublished || !this.#isReviewed) return;
    this.#isPublished = true;
    const outlook = this.#outlookNow();
    if (outlook === undefined) return;
    this.#publication.outlook(outlook, {
      threshold: this.plan.threshold,
      isStandingStill: this.#isStandingStill,
      accuracyAt: (horizon) => this.accuracyAt(horizon),
    });
  }

  /** Moves the times of past forecasts, after the clock was set. */
  shift(millis: number): void {
    this.#changes += 1;
    this.#models.now.shift(millis);
  }

  /** Publishes that the forecasts are not those of the present: the series has no new value. */
  standStill(): void {
    this.#isStandingStill = true;
    this.#publication.ready(false);
  }

  forecasts(): Forecast[] {
    const outlook = this.#outlookNow();
    return this.plan.horizons.map((horizon) =>
      forecastOf(this.plan, horizon, {
        outlook,
        level: INTERVAL_LEVEL,
        knownPoints: this.#series.knownPoints(this.#models.present.tierOf(horizon.seconds)),
        failure: this.#models.present.failure,
      }),
    );
  }

  /**
   * The series at one moment, with its forecast at a horizon and its time to any threshold.
   * `undefined` before the first value.
   */
  readingAt(horizon: Horizon):
    | {
        readonly current: number;
        readonly forecast?: AlertForecast;
        readonly isStandingStill: boolean;
        secondsUntil(threshold: Threshold): number | undefined;
      }
    | undefined {
    const { outlook } = this;
    if (outlook === undefined) return undefined;
    const forecast = this.#alertForecastAt(horizon, outlook);
    return {
      current: outlook.latest.value,
      isStandingStill: this.#isStandingStill,
      ...(forecast === undefined ? {} : { forecast }),
      secondsUntil: (threshold) => outlook.secondsUntil(threshold),
    };
  }

  /** When it was forecast for the last time, in epoch milliseconds; `undefined`: never. */
  get forecastAt(): number | undefined {
    return Number.isNaN(this.#latestAt) || !this.#models.present.canForecast ? undefined : this.#latestAt;
  }

  /** The forecasts after the last collection. `undefined` before the first. */
  get outlook(): SeriesOutlook | undefined {
    this.#outlook = this.#outlookNow();
    return this.#outlook;
  }

  /** The finest values that are stored, the newest last. */
  past(): TierHistory {
    return this.#series.history(0, { includeOpen: true });
  }

  /** How good the past forecasts at a horizon were. */
  accuracyAt(horizon: Horizon): Accuracy {
    return this.#models.now.trialOf(horizon) ?? {};
  }

  /** The newest forecasts at a horizon whose time has come, oldest first. */
  pastForecasts(horizon: Horizon): PastForecast[] {
    return this.#models.now.trialOf(horizon)?.past() ?? [];
  }

  /** Whether the series was forgotten. */
  get isRemoved(): boolean {
    return this.#models.isRemoved;
  }

  remove(): void {
    this.#publication.remove();
    this.#models.remove();
  }

  #alertForecastAt(asked: Horizon, outlook: SeriesOutlook): AlertForecast | undefined {
    const found = outlook.at(asked);
    if (found === undefined) return undefined;
    const { lower, predicted, upper, secondsAhead, horizon, model } = found;
    const errorRatio = this.#models.now.trialOf(horizon)?.errorRatio;
    const { errorVersusNaive, stepMillis } = model;
    const knownPoints = this.#series.knownPoints(this.#models.present.tierOf(horizon.seconds));
    const knownSeconds = (knownPoints * stepMillis) / 1000;
    return { lower, predicted, upper, secondsAhead, errorRatio, errorVersusNaive, knownSeconds };
  }

  #newest(at: number, value: number): void {
    this.#latestAt = at;
    this.#latestValue = value;
    this.#isStandingStill = false;
    this.#changed();
  }

  #changed(): void {
    this.#changes += 1;
    this.#outlook = undefined;
    this.#isPublished = false;
  }

  #outlookNow(): SeriesOutlook | undefined {
    if (this.#outlook !== undefined || Number.isNaN(this.#latestAt)) return this.#outlook;
    return this.#models.now.outlook({ at: this.#latestAt, value: this.#latestValue });
  }
}
