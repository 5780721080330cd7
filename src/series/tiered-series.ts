import type { Sample } from "../core/sample.ts";
import type { FoldKind } from "./fold.ts";
import { checkResolutions, type Resolution } from "./resolution.ts";
import type { SeriesSnapshot } from "./series-snapshot.ts";
import { Tier, type TierHistory, type TierPoints } from "./tier.ts";

/** How a series is kept. */
export interface TieredSeriesOptions {
  /** Tiers from fine to coarse; `defaultResolutions(collectionIntervalSeconds)` for the usual ones. */
  readonly resolutions: readonly Resolution[];
  /** How samples that share a slot become one (default `mean`). */
  readonly fold?: FoldKind;
}

/** What decides which tier a horizon is forecast from. */
export interface TierChoice {
  /** More steps ahead than this are not taken where a coarser tier would do (default 360). */
  readonly maxSteps?: number;
  /** A tier with fewer known completed slots than this is passed over where a finer one has them (default 30). */
  readonly minPoints?: number;
}

/** What became of a sample. */
export type AppendOutcome =
  | { readonly outcome: "stored" }
  | { readonly outcome: "dropped"; readonly reason: "not_finite" | "out_of_order" };

const STORED: AppendOutcome = { outcome: "stored" };
const NOT_FINITE: AppendOutcome = { outcome: "dropped", reason: "not_finite" };
const OUT_OF_ORDER: AppendOutcome = { outcome: "dropped", reason: "out_of_order" };

/**
 * The past of one series at several resolutions, in fixed memory. Samples may come on an irregular clock: those of one
 * slot are folded, whatever their order within it; one that is older than the open slot of the finest tier is dropped;
 * slots without a sample are gaps (`NaN`). Tiers are numbered from the finest, 0.
 */
export class TieredSeries {
  readonly #tiers: readonly Tier[];
  #latest: Sample | undefined;

  constructor(options: TieredSeriesOptions) {
    checkResolutions(options.resolutions);
    const fold = options.fold ?? "mean";
    this.#tiers = options.resolutions.map((resolution, tier) => new Tier(resolution, fold, tier === 0));
  }

  /**
   * A series that goes on where another had been saved. Tiers of a step that the snapshot lacks start empty, so that a
   * changed collection interval costs the finest tier only.
   */
  static restore(snapshot: SeriesSnapshot, options: TieredSeriesOptions): TieredSeries {
    const series = new TieredSeries(options);
    for (const tier of series.#tiers) {
      const saved = snapshot.tiers.find((other) => other.stepSeconds === tier.stepSeconds);
      if (saved === undefined) continue;
      tier.restore(saved);
      const { open } = saved;
      if (open !== undefined) series.#latest ??= { at: open.at, value: open.value };
    }
    return series;
  }

  /** The newest sample that was stored (after `restore`, what its slot had been folded into). */
  get latest(): Sample | undefined {
    return this.#latest;
  }

  append(sample: Sample): AppendOutcome {
    if (!Number.isFinite(sample.value) || !Number.isFinite(sample.at)) return NOT_FINITE;
    for (const [index, tier] of this.#tiers.entries()) {
      // A sample that is late only for a coarser tier, whose slots have other borders, is left out there.
      if (tier.append(sample) === "out_of_order" && index === 0) return OUT_OF_ORDER;
    }
    if (this.#latest === undefined || sample.at >= this.#latest.at) this.#latest = sample;
    return STORED;
  }

  /** The completed slots of a tier; with `includeOpen`, the open slot as it stands too. O(length of the tier). */
  history(tier: number, options: { readonly includeOpen?: boolean } = {}): TierHistory {
    return this.#tier(tier).history(options.includeOpen ?? false);
  }

  /**
   * The slots of a tier that were completed since `cursor`, which `history` or an earlier call handed out: what a model
   * fitted then has still to be fed.
   */
  pointsSince(tier: number, cursor: number): TierPoints {
    return this.#tier(tier).since(cursor);
  }

  /** Completed slots of a tier that hold a value. O(1). */
  knownPoints(tier: number): number {
    return this.#tier(tier).known;
  }

  /**
   * The tier to forecast a horizon from: the finest whose steps are few enough; where that one has too few points yet,
   * the next finer one that has enough; where none has, the finest. O(tiers).
   */
  tierFor(horizonSeconds: number, { maxSteps = 360, minPoints = 30 }: TierChoice = {}): number {
    const suited = this.#tiers.findIndex((tier) => horizonSeconds / tier.stepSeconds <= maxSteps);
    let tier = suited === -1 ? this.#tiers.length - 1 : suited;
    while (tier > 0 && this.#tier(tier).known < minPoints) tier--;
    return tier;
  }

  /** Everything that is kept, as plain data. */
  snapshot(): SeriesSnapshot {
    return { tiers: this.#tiers.map((tier) => tier.snapshot()) };
  }

  #tier(index: number): Tier {
    const tier = this.#tiers[index];
    if (tier === undefined) {
      throw new RangeError(`tier: expected a number from 0 to ${this.#tiers.length - 1}, got ${index}`);
    }
    return tier;
  }
}
