import type { Bounds } from "../core/bounds.ts";
import { type Horizon, MIDNIGHT } from "../core/horizon.ts";
import type { Sample } from "../core/sample.ts";
import type { WindowedNumber } from "../core/windowed-number.ts";
import type { TieredSeries } from "../series/tiered-series.ts";
import type { ClockedModel } from "./clocked-model.ts";
import { forecastToRemember } from "./forecast-to-remember.ts";
import type { SavedLearnt } from "./learnt-schema.ts";
import type { LiveTrial } from "./review/live-trial.ts";
import { SeriesTrials } from "./review/series-trials.ts";
import { dayEndOf, type HorizonOutlook, outlookAt, SeriesOutlook } from "./series-outlook.ts";
import { fingerprintOf, type SeriesPlan } from "./series-plan.ts";
import { SeriesWindow } from "./series-window.ts";
import { StandIns } from "./stand-ins.ts";
import type { TierModel } from "./tier-model.ts";
import { TierModels } from "./tier-models.ts";

/**
 * Decides which model forecasts each horizon of a series: the fitted one, or naive after the fitted
 * one was dismissed.
 */
export class SeriesModels {
  readonly #plan: SeriesPlan;
  readonly #series: TieredSeries;
  readonly #chosen: TierModels;
  /** Absent while no model is dismissed. */
  #standIns: StandIns | undefined;
  readonly #trials: SeriesTrials;
  /** Absent for a series without a window. */
  #windowed: SeriesWindow | undefined;
  #failure: string | undefined;

  constructor(series: TieredSeries, plan: SeriesPlan) {
    this.#plan = plan;
    this.#chosen = new TierModels(series, plan, plan.spans);
    this.#series = series;
    this.#trials = new SeriesTrials(plan.trials);
  }

  /**
   * Whether the series needs a model before the next regular selection: it has none, or one was
   * dismissed.
   */
  get isWaiting(): boolean {
    if (this.#chosen.isEmpty) return true;
    return this.#trials.awaitSelection;
  }

  /** Whether the newest values contradict a model. */
  get isSurprised(): boolean {
    return this.#chosen.isSurprised();
  }

  /** Why the last fit failed; `undefined` when it did not. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** The review of the past forecasts at a horizon. */
  trialOf(horizon: Horizon): LiveTrial | undefined {
    return this.#trials.of(horizon);
  }

  /** The tier that a span is forecast from. */
  tierOf(seconds: number): number {
    return this.#chosen.tierOf(seconds);
  }

  /** Whether a tier needs a new model now. */
  isDue(now: number): boolean {
    return this.#chosen.isDue(now, this.#plan.forecastIntervalMillis) || this.#trials.awaitSelection;
  }

  /** The tiers that need a new model now. */
  dueTiers(now: number): readonly number[] {
    let due = this.#chosen.dueTiers(now, this.#plan.forecastIntervalMillis);
    if (!this.#trials.awaitSelection) return due;
    for (const { horizon, trial } of this.#trials) {
      if (!trial.awaitsSelection) continue;
      const tier = this.tierOf(horizon.seconds);
      if (!due.includes(tier)) due = [...due, tier];
    }
    return due;
  }

  /** Fits a model to a tier, unless the present one is as good if it follows its seasons. */
  fit(tier: number, now: number): void {
    const wasSurprised = this.#chosen.isSurprised(tier);
    // What surprises has moved.
    if (wasSurprised) this.#trials.begin();
    const trials = [...this.#trials].filter(({ horizon }) => this.tierOf(horizon.seconds) === tier);
    const areInUse = trials.every(({ trial }) => trial.isInUse);
    if (areInUse && this.#chosen.follow(tier, now)) return;
    this.#failure = this.#chosen.fit(tier, now).reason;
    if (this.#failure !== undefined) return;
    for (const { trial } of trials) {
      trial.selected();
      if (wasSurprised) trial.renewed(now);
    }
  }

  /** What was learnt, as plain data. */
  saved(): SavedLearnt {
    const windowed = this.#windowed?.saved();
    const standIns = this.#standIns?.saved();
    return {
      plan: fingerprintOf(this.#plan),
      chosen: this.#chosen.saved(),
      ...(standIns === undefined ? {} : { standIns }),
      trials: Array.from(this.#trials, ({ horizon: { seconds }, trial }) => ({
        seconds,
        trial: trial.saved(),
      })),
      ...(this.#trials.still === undefined ? {} : { still: this.#trials.still }),
      ...(windowed === undefined ? {} : { windowed }),
    };
  }

  /** Takes over what the last process learnt, as far as the series is forecast in the same way. */
  restore({ plan, chosen, standIns, trials, still, windowed }: SavedLearnt): void {
    if (plan !== fingerprintOf(this.#plan)) return;
    this.#chosen.restore(chosen);
    if (trials.length > 0) this.#trials.begin();
    else if (still !== undefined) this.#trials.restoreStill(still);
    if (standIns !== undefined) this.#allStandIns().restore(standIns);
    for (const { horizon, trial } of this.#trials) {
      const saved = trials.find(({ seconds }) => seconds === horizon.seconds);
      if (saved !== undefined) trial.restore(saved.trial);
    }
    if (windowed === undefined) return;
    this.#windowed?.remove();
    this.#windowed = new SeriesWindow(this.#plan, windowed);
  }

  /** Forgets everything, when the series is gone. */
  remove(): void {
    this.#chosen.remove();
    this.#standIns?.remove();
    this.#trials.remove();
    this.#windowed?.remove();
  }

  /** Whether models of the last process are still to be made again. */
  get hasSaved(): boolean {
    return this.#chosen.hasSaved || this.#standIns?.hasSaved === true;
  }

  /** Makes one of them again. It costs as much as a fit. Returns false if that is not possible. */
  makeSaved(): boolean {
    const models = this.#chosen.hasSaved ? this.#chosen : this.#standIns;
    return models?.makeSaved() ?? true;
  }

  /**
   * Updates the models with the new values of the series.
   *
   * @param until the time of the last sample that counts. Default: all count.
   */
  feed(until?: number): void {
    this.#chosen.feed(until);
    this.#standIns?.feed(until);
  }

  /**
   * The bounds of values that can wait: nobody must know at once what follows from them. They hold for the
   * next `steps` values. `undefined`: no value can wait.
   */
  unsurprising(steps: number): Required<Bounds> | undefined {
    if (this.#windowed !== undefined || this.#standIns !== undefined) return undefined;
    return this.#trials.awaitSelection ? undefined : this.#chosen.unsurprising(steps);
  }

  /**
   * Moves the times of past forecasts, after the clock was set. The models follow their series at
   * the next `feed`.
   */
  shift(millis: number): void {
    this.#trials.shift(millis);
    this.#windowed?.shift(millis);
  }

  /** Whether there is a forecast at some horizon. */
  get canForecast(): boolean {
    return this.#plan.horizons.some(({ seconds }) => this.#chosen.for(seconds) !== undefined);
  }

  /**
   * Scores the forecasts that are due for the newest value, and remembers new ones.
   *
   * @param options.decides whether a model is dismissed, or taken back, because of it.
   */
  review(latest: Sample, window?: WindowedNumber, { decides = true } = {}): void {
    if (window !== undefined) this.#windowed ??= new SeriesWindow(this.#plan);
    const windowed = this.#windowed?.of(window);
    windowed?.take(latest);
    if (!this.#trials.haveBegun) {
      if (!this.canForecast) return;
      const isStill = windowed === undefined && this.#isStillAt(latest.value);
      if (isStill && this.#trials.standStill(latest)) return;
      this.#trials.begin();
    }
    const { kind } = this.#plan;
    let dismissed: Set<number> | undefined;
    for (let index = 0; index < this.#trials.horizons.length; index++) {
      const horizon = this.#trials.horizons[index] as Horizon;
      const trial = this.#trials.at(index);
      trial.observe(latest, { decides });
      const chosen = this.#chosen.for(horizon.seconds);
      if (chosen === undefined) continue;
      const model = windowed?.modelAt(horizon, chosen.model) ?? chosen.model;
      if (trial.awaits(latest.at)) trial.remember(forecastToRemember(kind, horizon, latest, model));
      if (trial.isInUse) continue;
      dismissed ??= new Set();
      dismissed.add(chosen.tier);
      this.#standInFor(chosen, latest);
    }
    if (dismissed === undefined) this.#withoutStandIns();
    else this.#standIns?.keepOnly(dismissed);
  }

  /** The forecasts from the newest value, which was reviewed before. */
  outlook(latest: Sample): SeriesOutlook {
    const { kind } = this.#plan;
    const horizons: HorizonOutlook[] = [];
    for (let index = 0; index < this.#trials.horizons.length; index++) {
      const horizon = this.#trials.horizons[index] as Horizon;
      const chosen = this.#chosen.for(horizon.seconds);
      if (chosen === undefined) continue;
      const model =
        !this.#trials.haveBegun || this.#trials.at(index).isInUse
          ? (this.#windowed?.models?.at(horizon) ?? chosen.model)
          : this.#standInFor(chosen, latest);
      horizons.push(outlookAt(kind, latest, horizon, model));
    }
    const ofDay = kind.isTotal ? this.#chosen.for(MIDNIGHT.seconds)?.model : undefined;
    return new SeriesOutlook(kind, latest, horizons, ofDay && dayEndOf(kind, latest, ofDay));
  }

  /** The naive model that replaces a dismissed one. */
  #standInFor(dismissed: TierModel, { at }: Sample): ClockedModel {
    return this.#allStandIns().replacing(dismissed, at);
  }

  #allStandIns(): StandIns {
    this.#standIns ??= new StandIns(this.#series, this.#plan);
    return this.#standIns;
  }

  #withoutStandIns(): void {
    this.#standIns?.remove();
    this.#standIns = undefined;
  }

  /** Whether all values so far were this one, and the forecasts at all horizons are. */
  #isStillAt(value: number): boolean {
    for (const { seconds } of this.#plan.horizons)
      if (this.#chosen.for(seconds)?.model.isStillAt(value) !== true) return false;
    return true;
  }
}
