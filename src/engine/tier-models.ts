import type { Bounds } from "../core/bounds.ts";
import type { RowTables } from "../math/row-tables.ts";
import type { TieredSeries } from "../series/tiered-series.ts";
import { MIN_KNOWN_POINTS } from "./clocked-model.ts";
import type { SavedModel, SavedModels } from "./learnt-schema.ts";
import { Surprises } from "./review/surprises.ts";
import { type SurpriseWatch, TierModel, type TierOptions } from "./tier-model.ts";

const NONE_DUE: readonly number[] = [];

/** The models of one series, at most one for each tier. */
export class TierModels implements SurpriseWatch {
  readonly #series: TieredSeries;
  readonly #options: TierOptions;
  readonly #spans: readonly number[];
  /** By tier. There are few tiers and many series, so these are arrays. */
  #models: readonly (TierModel | undefined)[] = [];
  /** Where the models are while they are in use. */
  #tables: RowTables | undefined;
  /** By tier. They outlive the models, which they replace. */
  #surprises: readonly (Surprises | undefined)[] = [];
  /** Models of the last process that are still to be made again, by tier. Absent when all are made. */
  #saved: Map<number, SavedModel> | undefined;

  /** `spans` are the horizons of the series, in seconds. */
  constructor(series: TieredSeries, options: TierOptions, spans: readonly number[]) {
    this.#series = series;
    this.#options = options;
    this.#tables = options.modelTables;
    this.#spans = spans;
  }

  get isEmpty(): boolean {
    return this.#models.every((model) => model === undefined);
  }

  /** Whether models of the last process are still to be made again. */
  get hasSaved(): boolean {
    return this.#saved !== undefined;
  }

  saved(): SavedModels {
    const made = this.#models.map((model) => model?.saved());
    return {
      models: [...made.filter((model) => model !== undefined), ...(this.#saved?.values() ?? [])],
      surprises: this.#surprises.flatMap((surprises, tier) =>
        surprises === undefined ? [] : { tier, state: surprises.saved() },
      ),
    };
  }

  /** Takes over what the last process saved of tiers that there are. Call `makeSaved` before the next values. */
  restore({ models, surprises }: SavedModels): void {
    const known = models.filter(({ tier }) => this.#series.hasTier(tier));
    if (known.length > 0) this.#saved = new Map(known.map((model) => [model.tier, model]));
    for (const { tier, state } of surprises) if (this.#series.hasTier(tier)) this.watch(tier).restore(state);
  }

  /** Makes one saved model again. It costs as much as a fit. Returns false if that is not possible. */
  makeSaved(): boolean {
    for (const [tier, saved] of this.#saved ?? []) {
      this.#withoutSaved(tier);
      const model = TierModel.restore(this.#series, saved, this.#options);
      if (model !== undefined) this.#set(tier, model);
      return model !== undefined;
    }
    return true;
  }

  /** The tier that a span is forecast from. */
  tierOf(seconds: number): number {
    return this.#series.tierFor(seconds);
  }

  /** Whether the newest values contradict the model of a tier, or of any tier. */
  isSurprised(tier?: number): boolean {
    if (tier !== undefined) return this.#surprises[tier]?.isDue ?? false;
    return this.#surprises.some((surprises) => surprises?.isDue);
  }

  /**
   * The bounds of values that are no surprise to any model. They hold for the next `steps` values.
   * `undefined`: each value may be one.
   */
  unsurprising(steps: number): Required<Bounds> | undefined {
    const finest = this.#models[0];
    if (this.hasSaved || !finest?.lasts) return undefined;
    if (this.#surprises.some((surprises) => surprises?.isCalm === false)) return undefined;
    return finest.model.unsurprising(steps);
  }

  /** Whether a tier needs a new model now. */
  isDue(now: number, forecastIntervalMillis: number): boolean {
    let before: number | undefined;
    for (const seconds of this.#spans) {
      const tier = this.tierOf(seconds);
      if (tier !== before && this.#isDue(tier, now, forecastIntervalMillis)) return true;
      before = tier;
    }
    return false;
  }

  /** The tiers that need a new model now. */
  dueTiers(now: number, forecastIntervalMillis: number): readonly number[] {
    let due = NONE_DUE;
    let before: number | undefined;
    for (const seconds of this.#spans) {
      const tier = this.tierOf(seconds);
      if (tier === before || due.includes(tier)) continue;
      if (this.#isDue(tier, now, forecastIntervalMillis)) due = [...due, tier];
      before = tier;
    }
    return due;
  }

  /**
   * Keeps the model of a tier as good as a new one, without a fit. Returns false when a new one is
   * needed.
   */
  follow(tier: number, now: number): boolean {
    if (this.isSurprised(tier)) return false;
    return this.#models[tier]?.follow(this.#series, now, this.#options.forecastIntervalMillis) ?? false;
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
    this.#set(tier, fitted);
    this.#withoutSaved(tier);
    this.#surprises[tier]?.refitted();
    return {};
  }

  /**
   * Updates every model with the new slots. A model that misses some of them is dropped.
   *
   * @param until the time of the last sample that counts. Default: all count.
   */
  feed(until?: number): void {
    for (let tier = 0; tier < this.#models.length; tier++) {
      const isFed = this.#models[tier]?.feed(this.#series, this, until);
      if (isFed === false) this.#set(tier, undefined);
    }
  }

  /** The surprises of a tier; `undefined` if its values are not compared with their forecasts yet. */
  surprisesOf(tier: number): Surprises | undefined {
    return this.#surprises[tier];
  }

  /** The same, from now on. */
  watch(tier: number): Surprises {
    let surprises = this.#surprises[tier];
    if (surprises === undefined) {
      surprises = new Surprises();
      this.#surprises = withOne(this.#surprises, tier, surprises);
    }
    return surprises;
  }

  /** The model of a tier. */
  of(tier: number): TierModel | undefined {
    return this.#models[tier];
  }

  /**
   * The model for a span. Until the tier of the span has one, it is that of the next finer tier
   * that has.
   */
  for(seconds: number): TierModel | undefined {
    for (let tier = this.tierOf(seconds); tier >= 0; tier -= 1) {
      const model = this.#models[tier];
      if (model !== undefined) return model;
    }
    return undefined;
  }

  /** Drops the models of all other tiers. */
  keepOnly(tiers: ReadonlySet<number>): void {
    for (const tier of this.#models.keys()) if (!tiers.has(tier)) this.#set(tier, undefined);
    for (const tier of [...(this.#saved?.keys() ?? [])]) if (!tiers.has(tier)) this.#withoutSaved(tier);
  }

  /** Gives back the memory of all models. None is in use any more, nor is one that is fitted later. */
  remove(): void {
    this.#tables = undefined;
    for (const model of this.#models) model?.model.leave();
  }

  #isDue(tier: number, now: number, forecastIntervalMillis: number): boolean {
    if (this.#series.knownPoints(tier) < MIN_KNOWN_POINTS) return false;
    if (this.isSurprised(tier)) return true;
    return this.#models[tier]?.isDue(this.#series, now, forecastIntervalMillis) ?? true;
  }

  #set(tier: number, model: TierModel | undefined): void {
    // A copy of its row would live as long as it, which is until the old generation is collected.
    this.#models[tier]?.model.end();
    if (this.#tables !== undefined) model?.model.settle(this.#tables);
    this.#models = withOne(this.#models, tier, model);
  }

  #withoutSaved(tier: number): void {
    this.#saved?.delete(tier);
    if (this.#saved?.size === 0) this.#saved = undefined;
  }

  /** The longest span that is forecast from a tier, in seconds. */
  #longestFrom(tier: number): number {
    return Math.max(1, ...this.#spans.filter((seconds) => this.tierOf(seconds) === tier));
  }
}

/** The array with another element for a tier. An array that grows would keep spare room. */
function withOne<Element>(
  byTier: readonly (Element | undefined)[],
  tier: number,
  element: Element,
): readonly (Element | undefined)[] {
  return Array.from({ length: Math.max(byTier.length, tier + 1) }, (_, index) =>
    index === tier ? element : byTier[index],
  );
}
