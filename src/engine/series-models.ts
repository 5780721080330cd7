import { type Horizon, MIDNIGHT } from "../core/horizon.ts";
import type { TieredSeries } from "../series/tiered-series.ts";
import type { ClockedModel } from "./clocked-model.ts";
import { LiveTrial } from "./review/live-trial.ts";
import type { Standing } from "./series-kind.ts";
import { dayEndOf, type HorizonOutlook, outlookAt, SeriesOutlook } from "./series-outlook.ts";
import type { SeriesPlan } from "./series-plan.ts";
import type { TierModel } from "./tier-model.ts";
import { TierModels } from "./tier-models.ts";

/** The method that chooses among models. A method that the user named is never dismissed. */
const AUTO = "auto";
const NAIVE = "naive";

/** Decides which models forecast a series: the fitted ones, or naive while a fitted one has been dismissed. */
export class SeriesModels {
  readonly #plan: SeriesPlan;
  readonly #chosen: TierModels;
  /** Naive models in place of dismissed ones, with intervals from their own errors. */
  readonly #standIns: TierModels;
  /** In ascending order of the horizons. */
  readonly #trials = new Map<Horizon, LiveTrial>();
  #failure: string | undefined;

  constructor(series: TieredSeries, plan: SeriesPlan) {
    this.#plan = plan;
    const spans = plan.horizons.map((horizon) => horizon.seconds);
    if (plan.kind.isTotal) spans.push(MIDNIGHT.seconds);
    this.#chosen = new TierModels(series, plan, spans);
    this.#standIns = new TierModels(series, { ...plan, method: NAIVE }, spans);
    const ascending = plan.horizons.toSorted((one, other) => one.seconds - other.seconds);
    for (const horizon of ascending) {
      const horizonMillis = horizon.seconds * 1000;
      const mayDismiss = plan.method === AUTO;
      this.#trials.set(horizon, new LiveTrial({ horizonMillis, stepMillis: plan.stepMillis, mayDismiss }));
    }
  }

  /** Whether a model is needed out of turn: no tier has one yet, or one was dismissed. */
  get isWaiting(): boolean {
    if (this.#chosen.isEmpty) return true;
    for (const trial of this.#trials.values()) if (trial.awaitsSelection) return true;
    return false;
  }

  /** Why the last attempt to fit a model failed; `undefined` when it did not. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** How good the past forecasts of a horizon were. */
  trialOf(horizon: Horizon): LiveTrial | undefined {
    return this.#trials.get(horizon);
  }

  /** The tier that a span is forecast from. */
  tierOf(seconds: number): number {
    return this.#chosen.tierOf(seconds);
  }

  /** The tiers that a model should be fitted to now. */
  dueTiers(now: number): number[] {
    const due = this.#chosen.dueTiers(now, this.#plan.forecastIntervalMillis);
    for (const [{ seconds }, trial] of this.#trials) if (trial.awaitsSelection) due.add(this.tierOf(seconds));
    return [...due];
  }

  fit(tier: number, now: number): void {
    this.#failure = this.#chosen.fit(tier, now).reason;
    if (this.#failure !== undefined) return;
    for (const [horizon, trial] of this.#trials) if (this.tierOf(horizon.seconds) === tier) trial.selected();
  }

  /** Feeds the models with the slots that were completed since, reviews their past forecasts and makes new ones. */
  forecast(standing: Standing): SeriesOutlook {
    this.#chosen.feed();
    this.#standIns.feed();
    const horizons: HorizonOutlook[] = [];
    const dismissed = new Set<number>();
    for (const [horizon, trial] of this.#trials) {
      trial.observe({ at: standing.now, value: standing.current });
      const chosen = this.#chosen.for(horizon.seconds);
      if (chosen === undefined) continue;
      const made = outlookAt(this.#plan.kind, standing, horizon, chosen.model);
      const { dueAt, predicted, lower, upper } = made;
      trial.remember({ at: standing.now, dueAt, predicted, lower, upper, naive: standing.current });
      if (!trial.isInUse) dismissed.add(chosen.tier);
      horizons.push(trial.isInUse ? made : this.#byStandIn(chosen, standing, horizon));
    }
    this.#standIns.keepOnly(dismissed);
    return new SeriesOutlook(this.#plan.kind, standing, horizons, this.#dayEnd(standing));
  }

  #dayEnd(standing: Standing): HorizonOutlook | undefined {
    const { kind } = this.#plan;
    const model = kind.isTotal ? this.#chosen.for(MIDNIGHT.seconds)?.model : undefined;
    return model && dayEndOf(kind, standing, model);
  }

  /** A forecast of a naive model in place of a dismissed one. */
  #byStandIn(dismissed: TierModel, standing: Standing, horizon: Horizon): HorizonOutlook {
    const model = this.#standInFor(dismissed, standing.now);
    return outlookAt(this.#plan.kind, standing, horizon, model);
  }

  /** Naive in place of a chosen model; the model itself when naive cannot be fitted. */
  #standInFor({ tier, fittedAt, model }: TierModel, now: number): ClockedModel {
    const known = this.#standIns.of(tier);
    if (known !== undefined && known.fittedAt >= fittedAt) return known.model;
    if (this.#standIns.fit(tier, now).reason !== undefined) return model;
    return this.#standIns.of(tier)?.model ?? model;
  }
}
