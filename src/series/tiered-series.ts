import type { Sample } from "../core/sample.ts";
import type { FoldKind } from "./fold.ts";
import { checkResolutions, type Resolution } from "./resolution.ts";
import type { SeriesSnapshot, TierEnd } from "./series-snapshot.ts";
import { Tier } from "./tier.ts";
import type { TierHistory, TierPoints } from "./tier-history.ts";

/** How a series is stored. */
export interface TieredSeriesOptions {
  /** Tiers from fine to coarse, usually from `defaultResolutions`. */
  readonly resolutions: readonly Resolution[];
  /** How the samples of a slot become one value (default `mean`). */
  readonly fold?: FoldKind;
}

/** A horizon of more steps than this is forecast from a coarser tier, if there is one. */
export const MAX_STEPS_AHEAD = 360;
/** A tier with fewer known slots than this is not used, if a finer tier exists. */
const MIN_KNOWN_SLOTS = 30;

/** The limits that decide which tier forecasts a horizon. */
export interface TierChoice {
  /** The maximum number of steps ahead, when a coarser tier exists (default `MAX_STEPS_AHEAD`). */
  readonly maxSteps?: number;
  /**
   * The minimum number of known completed slots, when a finer tier has them (default
   * `MIN_KNOWN_SLOTS`).
   */
  readonly minPoints?: number;
}

/**
 * The tiers that forecast horizons up to this one, of tiers from fine to coarse. No forecast ever
 * reads the others.
 */
export function tiersUpTo(tiers: readonly Resolution[], horizonSeconds: number): readonly Resolution[] {
  const coarsest = tiers.findIndex(({ stepSeconds }) => horizonSeconds / stepSeconds <= MAX_STEPS_AHEAD);
  return coarsest === -1 ? tiers : tiers.slice(0, coarsest + 1);
}

/** What happened to a sample. */
export type AppendOutcome =
  | { readonly outcome: "stored" }
  | { readonly outcome: "dropped"; readonly reason: "not_finite" | "out_of_order" };

const STORED: AppendOutcome = { outcome: "stored" };
const NOT_FINITE: AppendOutcome = { outcome: "dropped", reason: "not_finite" };
const OUT_OF_ORDER: AppendOutcome = { outcome: "dropped", reason: "out_of_order" };

const NO_TIERS: readonly Tier[] = [];

/**
 * The history of one series at several resolutions, in fixed memory. Samples may be irregular:
 * those of one slot are folded, in any order. A sample that is older than the open slot of the
 * finest tier is dropped. Slots without samples are gaps (`NaN`). Tiers are numbered from 0, the
 * finest.
 */
export class TieredSeries {
  readonly #finest: Tier;
  /** Most series have none. */
  readonly #coarser: readonly Tier[];
  /** The value of the newest sample, if that is not the value of its slot. */
  #newest: number | undefined;
  #changes = 0;

  constructor(options: TieredSeriesOptions) {
    checkResolutions(options.resolutions);
    const fold = options.fold ?? "mean";
    const [finest, ...coarser] = options.resolutions;
    this.#finest = new Tier(finest as Resolution, fold, true);
    this.#coarser = coarser.length === 0 ? NO_TIERS : coarser.map((it) => new Tier(it, fold, false));
  }

  /**
   * Restores a saved series. Tiers whose step the snapshot lacks start empty, so a changed
   * collection interval loses only the finest tier.
   *
   * @param now in epoch milliseconds. Nothing is restored to a time after it.
   */
  static restore(snapshot: SeriesSnapshot, options: TieredSeriesOptions, now: number): TieredSeries {
    const series = new TieredSeries(options);
    for (const tier of series.#tiers) {
      const saved = snapshot.tiers.find((other) => other.stepSeconds === tier.stepSeconds);
      if (saved !== undefined) tier.restore(saved, now);
    }
    return series;
  }

  /** The newest stored sample. After `restore` it is the folded value of its slot. */
  get latest(): Sample | undefined {
    const tier = this.#begun;
    return tier && { at: tier.openAt, value: this.#newest ?? tier.openValue };
  }

  /** The time of the newest stored sample; `NaN` before the first. */
  get latestAt(): number {
    return this.#begun?.openAt ?? Number.NaN;
  }

  append(sample: Sample): AppendOutcome {
    if (!Number.isFinite(sample.value) || !Number.isFinite(sample.at)) return NOT_FINITE;
    const before = this.#begun;
    const isLate = before !== undefined && sample.at < before.openAt;
    const newest = isLate ? (this.#newest ?? before.openValue) : sample.value;
    if (this.#finest.append(sample) === "out_of_order") return OUT_OF_ORDER;
    // A sample that is late for a coarser tier only, whose slots have other borders, is skipped there.
    for (let index = 0; index < this.#coarser.length; index++) this.#coarser[index]?.append(sample);
    this.#changes += 1;
    this.#newest = newest === this.#finest.openValue ? undefined : newest;
    return STORED;
  }

  /** Whether a sample of this time would be the first of the slot after the open one. */
  isNext(at: number): boolean {
    return this.#finest.isNext(at);
  }

  /** Moves the whole series in time, after the clock was set. */
  shift(millis: number): void {
    for (const tier of this.#tiers) tier.shift(millis);
    this.#changes += 1;
  }

  /**
   * The completed slots of a tier. With `includeOpen`, the open slot too. O(length of the tier).
   */
  history(tier: number, options: { readonly includeOpen?: boolean } = {}): TierHistory {
    return this.#tier(tier).history(options.includeOpen ?? false);
  }

  /**
   * The slots of a tier that were completed since `cursor`. The cursor comes from `history` or an
   * earlier call. With `includeOpen`, the open slot too, with the samples that it has so far.
   *
   * @param options.until the time of the last sample that counts. Default: all count.
   */
  pointsSince(
    tier: number,
    cursor: number,
    options: { readonly includeOpen?: boolean; readonly until?: number | undefined } = {},
  ): TierPoints {
    return this.#tier(tier).since(cursor, options.includeOpen ?? false, options.until);
  }

  /** Whether there is a tier of this number. */
  hasTier(tier: number): boolean {
    return Number.isInteger(tier) && tier >= 0 && tier <= this.#coarser.length;
  }

  /** The number of completed slots of a tier with a value. O(1). */
  knownPoints(tier: number): number {
    return this.#tier(tier).known;
  }

  /**
   * The tier that forecasts a horizon: the finest one with few enough steps. When it has too few
   * points, it is the next finer one with enough. When none has enough, it is the finest. O(tiers).
   */
  tierFor(
    horizonSeconds: number,
    { maxSteps = MAX_STEPS_AHEAD, minPoints = MIN_KNOWN_SLOTS }: TierChoice = {},
  ): number {
    let tier = 0;
    while (tier < this.#coarser.length && horizonSeconds / this.#tier(tier).stepSeconds > maxSteps) tier++;
    while (tier > 0 && this.#tier(tier).known < minPoints) tier--;
    return tier;
  }

  /**
   * The series as plain data.
   *
   * @param since only the values from here on. Default: all.
   */
  snapshot(since: readonly TierEnd[] = []): SeriesSnapshot {
    return { tiers: this.#tiers.map((tier, index) => tier.snapshot(since[index]?.slot)) };
  }

  /** Up to where the slots of each tier are completed. */
  get ends(): TierEnd[] {
    return this.#tiers.map(({ end }) => end);
  }

  /** Another number after each change. */
  get changes(): number {
    return this.#changes;
  }

  #tier(index: number): Tier {
    const tier = index === 0 ? this.#finest : this.#coarser[index - 1];
    if (tier === undefined) {
      throw new RangeError(`tier: expected a number from 0 to ${this.#coarser.length}, got ${index}`);
    }
    return tier;
  }

  get #tiers(): Tier[] {
    return [this.#finest, ...this.#coarser];
  }

  /** The finest tier that has a sample. */
  get #begun(): Tier | undefined {
    return this.#finest.hasOpen ? this.#finest : this.#coarser.find(({ hasOpen }) => hasOpen);
  }
}
