import type { TieredSeries } from "../series/tiered-series.ts";
import type { ClockedModel } from "./clocked-model.ts";
import type { SavedModels } from "./learnt-schema.ts";
import type { SeriesPlan } from "./series-plan.ts";
import type { TierModel } from "./tier-model.ts";
import { TierModels } from "./tier-models.ts";

const NAIVE = "naive";

/** Naive models that replace dismissed ones, with intervals from their own errors. */
export class StandIns {
  readonly #series: TieredSeries;
  readonly #plan: SeriesPlan;
  /** Absent while no model is dismissed. */
  #models: TierModels | undefined;

  constructor(series: TieredSeries, plan: SeriesPlan) {
    this.#series = series;
    this.#plan = plan;
  }

  /**
   * The naive model that replaces a dismissed one; the dismissed one when naive cannot be fitted.
   */
  for({ tier, fittedAt, model }: TierModel, now: number): ClockedModel {
    this.#models ??= this.#newModels();
    const known = this.#models.of(tier);
    if (known !== undefined && known.fittedAt >= fittedAt) return known.model;
    if (this.#models.fit(tier, now).reason !== undefined) return model;
    return this.#models.of(tier)?.model ?? model;
  }

  /** Forgets the models of tiers whose own model is in use again. */
  keepOnly(dismissed: ReadonlySet<number> | undefined): void {
    if (dismissed === undefined) {
      this.#models?.remove();
      this.#models = undefined;
    } else this.#models?.keepOnly(dismissed);
  }

  /** Gives back the memory of all models. None is in use any more. */
  remove(): void {
    this.#models?.remove();
  }

  feed(): void {
    this.#models?.feed();
  }

  saved(): SavedModels | undefined {
    return this.#models?.saved();
  }

  restore(saved: SavedModels): void {
    this.#models ??= this.#newModels();
    this.#models.restore(saved);
  }

  /** Whether models of the last process are still to be made again. */
  get hasSaved(): boolean {
    return this.#models?.hasSaved ?? false;
  }

  /** Makes one of them again. */
  makeSaved(): void {
    this.#models?.makeSaved();
  }

  #newModels(): TierModels {
    return new TierModels(this.#series, { ...this.#plan, method: NAIVE }, this.#plan.spans);
  }
}
