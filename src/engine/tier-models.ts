import type { TieredSeries } from "../series/tiered-series.ts";
import { MIN_KNOWN_POINTS } from "./clocked-model.ts";
import { Surprises } from "./review/surprises.ts";
import { TierModel, type TierOptions } from "./tier-model.ts";

/** The models of one series, at most one for each tier. */
export class TierModels {
  readonly #series: TieredSeries;
  readonly #options: TierOptions;
  readonly #spans: readonly number[];
  readonly #models = new Map<number, TierModel>();
  /** By tier. They outlive the models, which they replace. */
  readonly #surprises = new Map<number, Surprises>();

  /** `spans` are the horizons of the series, in seconds. */
  constructor(series: TieredSeries, options: TierOptions, spans: readonly number[]) {
    this.#series = series;
    this.#options = options;
    this.#spans = spans;
  }

  get isEmpty(): boolean {
    return this.#models.size === 0;
  }

  /** The tier that a span is forecast from. */
  tierOf(seconds: number): number {
    return this.#series.tierFor(seconds);
  }

  /** Whether the newest values contradict the model of a tier, or of any tier. */
  isSurprised(tier?: number): boolean {
    if (tier !== undefined) return this.#surprises.get(tier)?.isDue ?? false;
    for (const surprises of this.#surprises.values()) if (surprises.isDue) return true;
    return false;
  }

  /** The tiers that need a new model now. */
  dueTiers(now: number, forecastIntervalMillis: number): Set<number> {
    const tiers = new Set(this.#spans.map((seconds) => this.tierOf(seconds)));
    for (const tier of tiers) if (!this.#isDue(tier, now, forecastIntervalMillis)) tiers.delete(tier);
    return tiers;
  }

  /**
   * Fits a model to a tier. When the fit fails, it returns the reason and keeps the previous model.
   */
  fit(tier: number, now: number): { readonly reason?: string } {
    const fitted = TierModel.fit(
      this.#series,
      { tier, now, spanSeconds: this.#longestFrom(tier) },
      this.#options,
    );
    if (!(fitted instanceof TierModel)) return fitted;
    this.#models.set(tier, fitted);
    this.#surprisesOf(tier).refitted();
    return {};
  }

  /**
   * Updates every model with the new slots. A model that misses some of them is dropped.
   */
  feed(): void {
    for (const [tier, model] of this.#models) {
      if (!model.feed(this.#series, this.#surprisesOf(tier))) this.#models.delete(tier);
    }
  }

  /** The model of a tier. */
  of(tier: number): TierModel | undefined {
    return this.#models.get(tier);
  }

  /**
   * The model for a span. Until the tier of the span has one, it is that of the next finer tier
   * that has.
   */
  for(seconds: number): TierModel | undefined {
    for (let tier = this.tierOf(seconds); tier >= 0; tier -= 1) {
      const model = this.#models.get(tier);
      if (model !== undefined) return model;
    }
    return undefined;
  }

  /** Drops the models of all other tiers. */
  keepOnly(tiers: ReadonlySet<number>): void {
    for (const tier of this.#models.keys()) if (!tiers.has(tier)) this.#models.delete(tier);
  }

  #isDue(tier: number, now: number, forecastIntervalMillis: number): boolean {
    if (this.#series.knownPoints(tier) < MIN_KNOWN_POINTS) return false;
    if (this.isSurprised(tier)) return true;
    return this.#models.get(tier)?.isDue(this.#series, now, forecastIntervalMillis) ?? true;
  }

  #surprisesOf(tier: number): Surprises {
    let surprises = this.#surprises.get(tier);
    if (surprises === undefined) {
      surprises = new Surprises();
      this.#surprises.set(tier, surprises);
    }
    return surprises;
  }

  /** The longest span that is forecast from a tier, in seconds. */
  #longestFrom(tier: number): number {
    return Math.max(1, ...this.#spans.filter((seconds) => this.tierOf(seconds) === tier));
  }
}
