import type { Resolution } from "../series/resolution.ts";
import type { SeriesSnapshot, TierSnapshot } from "../series/series-snapshot.ts";
import { Tier } from "../series/tier.ts";
import type { TierRange } from "./tier-ranges.ts";

/** One tier of several series: what is asked for, and from which slot on all of it was answered. */
export interface AskedTier {
  readonly resolution: Resolution;
  readonly range: TierRange;
  readonly answeredFrom: number;
}

/** The values of one series by tier and slot; `NaN` where it has none. */
export type ValuesOfTiers = readonly Float64Array[];

/** A tier that has taken the samples, and where they begin. */
interface FilledTier {
  readonly snapshot: TierSnapshot;
  /** How many slots are missing until the tier is full. */
  readonly lacking: number;
  /** The slot of the first sample; `NaN` without any. */
  readonly first: number;
}

/** A slot with a value, before those that were answered. */
interface OlderSlot {
  readonly slot: number;
  readonly isCertain: boolean;
}

const EVER = Number.POSITIVE_INFINITY;

/** One series as it would be stored, made of the values that were answered for its slots. */
export class PastOfSeries {
  readonly #tiers: readonly AskedTier[];
  readonly #values: ValuesOfTiers;

  constructor(tiers: readonly AskedTier[], values: ValuesOfTiers) {
    this.#tiers = tiers;
    this.#values = values;
  }

  /**
   * The series as if its samples before a time had been taken one by one.
   *
   * @returns `undefined` if it has no sample in the range of the finest tier.
   */
  snapshot(before: number): SeriesSnapshot | undefined {
    const tiers = this.#tiers.map((_, tier) => this.#withGapBefore(tier, this.#filled(tier, before)));
    return tiers[0]?.open === undefined ? undefined : { tiers };
  }

  /**
   * How many slots before the range of a tier are needed to fill it: the slots before a long gap are
   * still used (see `Tier`).
   */
  lackingSlots(tier: number): number {
    const { range, resolution } = this.#tier(tier);
    const longestMillis = (resolution.capacity / 2) * range.stepMillis;
    if (!this.#hasGap(tier, longestMillis) && !this.#hasGap(0, longestMillis)) return 0;
    // Most series have no gap, or no older values: nothing is filled for them.
    if (this.#newestBefore(tier, EVER) === undefined) return 0;
    const { lacking, first } = this.#filled(tier, EVER);
    const older = this.#newestBefore(tier, first);
    if (lacking <= 0 || older === undefined || this.#isInGap(tier, lacking, older, first)) return 0;
    return range.first - Math.max(this.#earliest(tier), older.slot - lacking);
  }

  /** Where a tier begins in a gap after older values, which are not in it any more, it is a gap. */
  #withGapBefore(tier: number, { snapshot, lacking, first }: FilledTier): TierSnapshot {
    const older = lacking > 0 ? this.#newestBefore(tier, first) : undefined;
    if (older === undefined || !this.#isInGap(tier, lacking, older, first)) return snapshot;
    const values = new Float64Array(lacking + snapshot.values.length).fill(Number.NaN, 0, lacking);
    values.set(snapshot.values as Float64Array, lacking);
    return { ...snapshot, values };
  }

  /** Whether all slots that a tier lacks belong to a gap, of which it stores half its capacity at least. */
  #isInGap(tier: number, lacking: number, older: OlderSlot, first: number): boolean {
    const stored = Math.floor(this.#tier(tier).resolution.capacity / 2);
    return older.isCertain && lacking <= Math.min(first - older.slot - 1, stored);
  }

  /** A tier that has taken the samples before a time. */
  #filled(tier: number, before: number): FilledTier {
    const { resolution, range, answeredFrom } = this.#tier(tier);
    const filled = new Tier(resolution, "mean", tier === 0);
    let first = Number.NaN;
    const append = (at: number, value: number): void => {
      if (Number.isNaN(value)) return;
      if (Number.isNaN(first)) first = Math.floor(at / range.stepMillis);
      filled.append({ at, value });
    };
    const samples = this.#tier(0);
    let samplesFrom = samples.answeredFrom;
    if (tier > 0) {
      const { stepMillis, last } = range;
      for (let slot = answeredFrom; slot <= last && (slot + 1) * stepMillis <= before; slot++)
        append((slot + 0.5) * stepMillis, this.#valueOf(tier, slot));
      samplesFrom = Math.max(samplesFrom, Math.ceil(((last + 1) * stepMillis) / samples.range.stepMillis));
    }
    const { stepMillis, last } = samples.range;
    for (let slot = samplesFrom; slot <= last && slot * stepMillis < before; slot++)
      append(slot * stepMillis, this.#valueOf(0, slot));
    const snapshot = filled.snapshot();
    return { snapshot, lacking: resolution.capacity - snapshot.values.length, first };
  }

  /**
   * The slot before the answered ones of a tier that has a value last, by the coarser tiers. The
   * slot of a coarser tier in which the answered ones begin may have its value of these: then it is
   * not certain.
   *
   * @param first the slot of the first sample that was answered.
   */
  #newestBefore(finest: number, first: number): OlderSlot | undefined {
    const { range: own, answeredFrom } = this.#tier(finest);
    const end = answeredFrom * own.stepMillis;
    let newest: { at: number; isCertain: boolean } | undefined;
    for (let tier = finest + 1; tier < this.#tiers.length; tier++) {
      const { range, answeredFrom: from } = this.#tier(tier);
      const { stepMillis } = range;
      let slot = Math.min(range.last, Math.ceil(end / stepMillis) - 1);
      while (slot >= from && Number.isNaN(this.#valueOf(tier, slot))) slot--;
      if (slot < from) continue;
      const slotEnd = (slot + 1) * stepMillis;
      const at = Math.min(end, slotEnd) - 1;
      if (newest !== undefined && newest.at > at) continue;
      newest = { at, isCertain: slotEnd <= end || first * own.stepMillis >= slotEnd };
    }
    if (newest === undefined) return undefined;
    return { slot: Math.floor(newest.at / own.stepMillis), isCertain: newest.isCertain };
  }

  /** The first slot of a tier in the time that is asked for: that of the coarsest tier. */
  #earliest(tier: number): number {
    const { range } = this.#tier(this.#tiers.length - 1);
    return Math.ceil((range.first * range.stepMillis) / this.#tier(tier).range.stepMillis);
  }

  /** Whether the values of a tier begin or end with a gap, or have a longer one than this. */
  #hasGap(tier: number, millis: number): boolean {
    const own = this.#values[tier] as Float64Array;
    if (Number.isNaN(own[0]) || Number.isNaN(own.at(-1))) return true;
    const most = millis / this.#tier(tier).range.stepMillis;
    let gap = 0;
    return own.some((value) => {
      gap = Number.isNaN(value) ? gap + 1 : 0;
      return gap > most;
    });
  }

  #valueOf(tier: number, slot: number): number {
    return this.#values[tier]?.[slot - this.#tier(tier).range.first] ?? Number.NaN;
  }

  #tier(tier: number): AskedTier {
    return this.#tiers[tier] as AskedTier;
  }
}
