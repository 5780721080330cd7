import type { TieredSeries } from "../series/tiered-series.ts";
import { MIN_KNOWN_POINTS } from "./clocked-model.ts";
import type { SavedModel, SavedModels } from "./learnt-schema.ts";
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
  /** By tier: models of the last process that are still to be made again. */
  readonly #saved = new Map<number, SavedModel>();

  /** `spans` are the horizons of the series, in seconds. */
  constructor(series: TieredSeries, options: TierOptions, spans: readonly number[]) {
    this.#series = series;
    this.#options = options;
    this.#spans = spans;
  }

  get isEmpty(): boolean {
    return this.#models.size === 0;
  }

  /** Whether models of the last process are still to be made again. */
  get hasSaved(): boolean {
    return this.#saved.size > 0;
  }

  saved(): SavedModels {
    const made = Array.from(this.#models.values(), (model) => model.saved());
    return {
      models: [...made.filter((model) => model !== undefined), ...this.#saved.values()],
      surprises: Array.from(this.#surprises, ([tier, surprises]) => ({ tier, state: surprises.saved() })),
    };
  }

  /** Takes over what the last process saved. Call `makeSaved` before the next values. */
  restore({ models, surprises }: SavedModels): void {
    for (const model of models) this.#saved.set(model.tier, model);
    for (const { tier, state } of surprises) this.#surprisesOf(tier).restore(state);
  }

  /** Makes one saved model again. It costs as much as a fit. */
  makeSaved(): void {
    for (const [tier, saved] of this.#saved) {
      this.#saved.delete(tier);
      const model = TierModel.restore(this.#series, saved, this.#options);
      if (model !== undefined) this.#models.set(tier, model);
      return;
    }
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
  dueTiers(now: number, forecastIntervalMillis: number): number[] {
    const due: number[] = [];
    let before: number | undefined;
    for (const seconds of this.#spans) {
      const tier = this.tierOf(seconds);
      if (tier === before || due.includes(tier)) continue;
      if (this.#isDue(tier, now, forecastIntervalMillis)) due.push(tier);
      before = tier;
    }
    return due;
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
    this.#saved.delete(tier);
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
    for (const tiered of [this.#models, this.#saved])
      for (const tier of tiered.keys()) if (!tiers.has(tier)) tiered.delete(tier);
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
