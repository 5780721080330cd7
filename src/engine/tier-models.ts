import type { TieredSeries } from "../series/tiered-series.ts";
import { FEWEST_POINTS, type ModelOptions, TierModel } from "./tier-model.ts";

const NAIVE = "naive";

/** The models of one series: the chosen one of each tier, and naive where that was dismissed. */
export class TierModels {
  readonly #series: TieredSeries;
  readonly #options: ModelOptions;
  /** How far ahead the series is forecast, in seconds. */
  readonly #spans: readonly number[];
  readonly #chosen = new Map<number, TierModel>();
  readonly #standIns = new Map<number, TierModel>();

  constructor(series: TieredSeries, options: ModelOptions, spans: readonly number[]) {
    this.#series = series;
    this.#options = options;
    this.#spans = spans;
  }

  get isEmpty(): boolean {
    return this.#chosen.size === 0;
  }

  /** The tier that a span is forecast from. */
  tierOf(seconds: number): number {
    return this.#series.tierFor(seconds);
  }

  /** The tiers that a model should be chosen for now. */
  dueTiers(now: number, forecastIntervalMillis: number): Set<number> {
    const tiers = new Set(this.#spans.map((seconds) => this.tierOf(seconds)));
    for (const tier of tiers) if (!this.#isDue(tier, now, forecastIntervalMillis)) tiers.delete(tier);
    return tiers;
  }

  #isDue(tier: number, now: number, forecastIntervalMillis: number): boolean {
    if (this.#series.knownPoints(tier) < FEWEST_POINTS) return false;
    return this.#chosen.get(tier)?.isDue(this.#series, now, forecastIntervalMillis) ?? true;
  }

  /** Chooses a model for a tier; the reason when none can be had, and the one before stays. */
  choose(tier: number, now: number): { readonly reason?: string } {
    const fitted = TierModel.fit(this.#series, tier, this.#longestFrom(tier), this.#options, now);
    if (!(fitted instanceof TierModel)) return fitted;
    this.#chosen.set(tier, fitted);
    return {};
  }

  /** Feeds what has been completed; a model that has lost the connection goes. */
  feed(): void {
    for (const models of [this.#chosen, this.#standIns]) {
      for (const [tier, model] of models) if (!model.feed(this.#series)) models.delete(tier);
    }
  }

  /** The chosen model for a span; until its tier has one, that of the next finer tier that has. */
  chosenFor(seconds: number): TierModel | undefined {
    for (let finer = this.tierOf(seconds); finer >= 0; finer -= 1) {
      const model = this.#chosen.get(finer);
      if (model !== undefined) return model;
    }
    return undefined;
  }

  /** Naive in place of a chosen model, with intervals from its own errors; the model itself when naive cannot be had. */
  standInFor(model: TierModel, now: number): TierModel {
    const { tier } = model;
    const known = this.#standIns.get(tier);
    if (known !== undefined && known.fittedAt >= model.fittedAt) return known;
    const options = { ...this.#options, method: NAIVE };
    const fitted = TierModel.fit(this.#series, tier, this.#longestFrom(tier), options, now);
    if (!(fitted instanceof TierModel)) return model;
    this.#standIns.set(tier, fitted);
    return fitted;
  }

  /** Lets go of the stand-ins of tiers that need none. */
  keepStandIns(tiers: ReadonlySet<number>): void {
    for (const tier of this.#standIns.keys()) if (!tiers.has(tier)) this.#standIns.delete(tier);
  }

  /** The longest span that is forecast from a tier, in seconds. */
  #longestFrom(tier: number): number {
    return Math.max(1, ...this.#spans.filter((seconds) => this.tierOf(seconds) === tier));
  }
}
