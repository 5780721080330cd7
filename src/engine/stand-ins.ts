import type { TieredSeries } from "../series/tiered-series.ts";
import type { ClockedModel } from "./clocked-model.ts";
import type { SeriesPlan } from "./series-plan.ts";
import type { TierModel } from "./tier-model.ts";
import { TierModels } from "./tier-models.ts";

/** Naive models that replace dismissed ones, with intervals from their own errors. */
export class StandIns extends TierModels {
  constructor(series: TieredSeries, plan: SeriesPlan) {
    super(series, plan.by("naive"), plan.spans);
  }

  /**
   * The naive model that replaces a dismissed one; the dismissed one when naive cannot be fitted.
   */
  replacing({ tier, fittedAt, model }: TierModel, now: number): ClockedModel {
    const known = this.of(tier);
    if (known !== undefined && known.fittedAt >= fittedAt) return known.model;
    if (this.fit(tier, now).reason !== undefined) return model;
    return this.of(tier)?.model ?? model;
  }
}
