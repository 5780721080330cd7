import type { AlertForecast } from "../alerts/state/alert-condition.ts";
import type { Forecast } from "../core/forecast.ts";
import { type Horizon, MIDNIGHT } from "../core/horizon.ts";
import { INTERVAL_LEVEL, INTERVAL_LEVEL_LABEL } from "../metrics/forecast-metrics.ts";
import type { TieredSeries } from "../series/tiered-series.ts";
import { crossingToday, dayEndOf } from "./daily-outlook.ts";
import { forecastOf } from "./forecast-of.ts";
import { crossingAhead, intervalAt, type Moment, type Outlook } from "./outlook.ts";
import type { PredictedInterval } from "./publication/predicted-interval.ts";
import type { SeriesPublication } from "./publication/series-publication.ts";
import { LiveTrial } from "./review/live-trial.ts";
import type { SeriesPlan } from "./series-plan.ts";
import type { TierModel } from "./tier-model.ts";
import { TierModels } from "./tier-models.ts";

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
  /** What the total of the day comes to, and in how many seconds it passes the threshold. */
  #dayEnd: AlertForecast | undefined;
  #crossingToday: number | undefined;
  #failure: string | undefined;
  #at = 0;

  constructor(plan: SeriesPlan, series: TieredSeries, publication: SeriesPublication) {
    this.plan = plan;
    this.#series = series;
    this.#publication = publication;
    const { stepMillis, method, isDailyTotal, horizons } = plan;
    const seconds = horizons.map((horizon) => horizon.seconds);
    this.#models = new TierModels(series, plan, isDailyTotal ? [...seconds, MIDNIGHT.seconds] : seconds);
    for (const horizon of horizons) {
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
    const due = this.#models.dueTiers(now, this.plan.forecastIntervalMillis);
    for (const [{ seconds }, trial] of this.#trials)
      if (trial.awaitsSelection) due.add(this.#models.tierOf(seconds));
    return [...due];
  }

  fit(tier: number, now: number): void {
    this.#failure = this.#models.choose(tier, now).reason;
    if (this.#failure !== undefined) return;
    for (const [horizon, trial] of this.#trials)
      if (this.#models.tierOf(horizon.seconds) === tier) trial.selected();
  }

  /** Feeds what has been completed, forecasts, reviews and publishes. */
  refresh(value: number, now: number): void {
    this.#at = now;
    this.#models.feed();
    this.#lookToMidnight(value);
    const standIns = new Set<number>();
    for (const [horizon, trial] of this.#trials) {
      trial.observe({ at: now, value });
      const chosen = this.#models.chosenFor(horizon.seconds);
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
    return this.plan.horizons.map((horizon) =>
      forecastOf(this.plan, horizon, {
        at: this.#at,
        outlook: this.#outlooks.get(horizon),
        level: INTERVAL_LEVEL,
        knownPoints: this.#series.knownPoints(this.#models.tierOf(horizon.seconds)),
        failure: this.#failure,
      }),
    );
  }

  /** Where the series stands, and its forecast at a horizon as far as there is one; `undefined` before a first value. */
  readingAt(horizon: Horizon): { current: number; forecast?: AlertForecast } | undefined {
    const current = this.#series.latest?.value;
    if (current === undefined) return undefined;
    const forecast = horizon.label === MIDNIGHT.label ? this.#dayEnd : this.#readingOf(horizon);
    return { current, ...(forecast === undefined ? {} : { forecast }) };
  }

  #readingOf(asked: Horizon): AlertForecast | undefined {
    for (const [horizon, { lower, predicted, upper, model }] of this.#outlooks) {
      if (horizon.seconds !== asked.seconds) continue;
      const errorRatio = this.#trials.get(horizon)?.errorRatio;
      return { lower, predicted, upper, errorRatio, errorVersusNaive: model.model.errorVersusNaive };
    }
    return undefined;
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
    this.#remember(trial, horizon, {
      ...intervalAt(chosen, this.plan, this.#moment(horizon, value)),
      current: value,
    });
    const standIn = this.#models.standInFor(chosen, this.#at);
    this.#outlooks.set(horizon, this.#outlookOf(standIn, horizon, value));
  }

  #remember(trial: LiveTrial, horizon: Horizon, said: PredictedInterval & { current: number }): void {
    const { predicted, lower, upper, current: naive } = said;
    trial.remember({ at: this.#at, dueAt: this.#dueAt(horizon), predicted, lower, upper, naive });
  }

  #outlookOf(model: TierModel, horizon: Horizon, current: number): Outlook {
    const moment = this.#moment(horizon, current);
    const { isDailyTotal, threshold } = this.plan;
    const timeToThresholdSeconds = isDailyTotal
      ? this.#crossingToday
      : crossingAhead(model, threshold, moment);
    return { ...intervalAt(model, this.plan, moment), current, model, timeToThresholdSeconds };
  }

  #moment(horizon: Horizon, current: number): Moment {
    return { now: this.#at, current, dueAt: this.#dueAt(horizon) };
  }

  #withdraw(horizon: Horizon): void {
    if (this.#outlooks.delete(horizon)) this.#publication.withdraw(horizon);
  }

  #dueAt(horizon: Horizon): number {
    return this.#at + horizon.seconds * 1000;
  }

  #publish(): void {
    const longest = this.#longestOutlook();
    this.#publication.ready(longest !== undefined);
    for (const [horizon, outlook] of this.#outlooks) {
      this.#publication.forecast(horizon, outlook, INTERVAL_LEVEL_LABEL);
      const trial = this.#trials.get(horizon);
      if (trial !== undefined) this.#publication.accuracy(horizon, trial, INTERVAL_LEVEL_LABEL);
    }
    if (longest === undefined) {
      this.#publication.withdrawTrend();
      return;
    }
    this.#publication.slope((longest.outlook.predicted - longest.outlook.current) / longest.horizon.seconds);
    this.#publication.timeToThreshold(this.plan.threshold, longest.outlook.timeToThresholdSeconds);
  }

  #lookToMidnight(current: number): void {
    const { isDailyTotal, clock, bounds, threshold } = this.plan;
    const model = isDailyTotal ? this.#models.chosenFor(MIDNIGHT.seconds) : undefined;
    const standing = { now: this.#at, current, clock, bounds };
    this.#dayEnd = model && dayEndOf(model, standing);
    this.#crossingToday = model && crossingToday(model, threshold, standing);
    if (this.#dayEnd === undefined) this.#publication.withdrawDayEnd();
    else this.#publication.dayEnd(this.#dayEnd, INTERVAL_LEVEL_LABEL);
  }

  #longestOutlook(): { horizon: Horizon; outlook: Outlook } | undefined {
    let longest: { horizon: Horizon; outlook: Outlook } | undefined;
    for (const [horizon, outlook] of this.#outlooks) {
      if (longest === undefined || horizon.seconds > longest.horizon.seconds) longest = { horizon, outlook };
    }
    return longest;
  }
}
