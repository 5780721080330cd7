import { ApiError } from "../promql/api-error.ts";
import type { Resolution } from "../series/resolution.ts";
import type { SeriesSnapshot } from "../series/series-snapshot.ts";
import { Tier } from "../series/tier.ts";
import { slotOf, slotsOf, type TierRange, tierRanges } from "./tier-ranges.ts";

/** The values of one series by tier and slot; `NaN` where it has none. */
type ValuesOfTiers = Float64Array[];

/** One tier: its range, and from which slot on all of it was answered. */
interface Row {
  range: TierRange;
  answeredFrom: number;
  /** Parts that were answered before newer ones were. */
  readonly ahead: Map<number, number>;
}

/**
 * The past of several series while it is asked for: one value for each slot of each tier. Answers
 * may come in any order. What has been answered without a hole, from the newest slot back, is used.
 */
export class GatheredPast {
  readonly #resolutions: readonly Resolution[];
  readonly #rows: readonly Row[];
  readonly #series = new Map<string, ValuesOfTiers>();

  /** @param until the newest sample is at this time or before, in epoch milliseconds. */
  constructor(resolutions: readonly Resolution[], until: number) {
    this.#resolutions = resolutions;
    this.#rows = tierRanges(resolutions, until).map((range) => ({
      range,
      answeredFrom: range.last + 1,
      ahead: new Map(),
    }));
  }

  get ranges(): readonly TierRange[] {
    return this.#rows.map(({ range }) => range);
  }

  /** Expects values of a series. */
  add(id: string): void {
    this.#series.set(
      id,
      this.#rows.map(({ range }) => new Float64Array(slotsOf(range)).fill(Number.NaN)),
    );
  }

  /** Forgets a series. */
  delete(id: string): void {
    this.#series.delete(id);
  }

  /**
   * Takes the values of a series that is expected.
   *
   * @throws ApiError if a time was not asked for.
   */
  take(part: TierRange, id: string, times: readonly number[], numbers: readonly number[]): void {
    const values = this.#series.get(id)?.[part.tier];
    if (values === undefined) return;
    const { first } = this.#row(part.tier).range;
    for (const [index, at] of times.entries()) {
      const slot = slotOf(part, at);
      if (!Number.isInteger(slot) || slot < part.first || slot > part.last)
        throw new ApiError(
          "not_understood",
          `it answered for ${new Date(at).toISOString()}, which was not asked for`,
        );
      values[slot - first] = numbers[index] as number;
    }
  }

  /** A part of a range was answered. */
  answered({ tier, first, last }: TierRange): void {
    const row = this.#row(tier);
    row.ahead.set(last, first);
    for (;;) {
      const older = row.ahead.get(row.answeredFrom - 1);
      if (older === undefined) return;
      row.ahead.delete(row.answeredFrom - 1);
      row.answeredFrom = older;
    }
  }

  /**
   * The series as it would be stored if its samples had been taken one by one. Samples from `before`
   * on are left out, because they were taken.
   *
   * @returns `undefined` if the series has no sample in the range of the finest tier.
   */
  snapshotOf(id: string, before = Number.POSITIVE_INFINITY): SeriesSnapshot | undefined {
    const values = this.#series.get(id);
    if (values === undefined) return undefined;
    const tiers = this.#rows.map((_, tier) => this.#filled(tier, values, before));
    return tiers[0]?.snapshot().open === undefined
      ? undefined
      : { tiers: tiers.map((tier) => tier.snapshot()) };
  }

  /**
   * How many slots before the range of a tier are needed to fill it: the slots before a long gap are
   * still used (see `Tier`). Long gaps are those of an outage, which most series share. If fewer than
   * half of them have one, they begin after it: all series would have to be asked for again.
   */
  lackingSlots(tier: number): number {
    const lacking = Array.from(this.#series.values(), (values) => this.#lacking(tier, values)).filter(
      (slots) => slots > 0,
    );
    return lacking.length * 2 < this.#series.size ? 0 : Math.max(0, ...lacking);
  }

  /** Extends the range of a tier to older slots. Returns what has to be asked for. */
  extend(tier: number, slots: number): TierRange {
    const row = this.#row(tier);
    const { first } = row.range;
    row.range = { ...row.range, first: first - slots };
    for (const values of this.#series.values()) {
      const longer = new Float64Array(slotsOf(row.range)).fill(Number.NaN, 0, slots);
      longer.set(values[tier] as Float64Array, slots);
      values[tier] = longer;
    }
    return { ...row.range, last: first - 1 };
  }

  #lacking(tier: number, values: ValuesOfTiers): number {
    const { range } = this.#row(tier);
    const { capacity } = this.#resolutions[tier] as Resolution;
    const longestMillis = (capacity / 2) * range.stepMillis;
    if (!this.#hasGap(tier, values, longestMillis) && !this.#hasGap(0, values, longestMillis)) return 0;
    const olderAt = this.#newestBefore(range.first * range.stepMillis, tier, values);
    if (olderAt === undefined) return 0;
    const lacking = capacity - this.#filled(tier, values, Number.POSITIVE_INFINITY).snapshot().values.length;
    if (lacking <= 0) return 0;
    return range.first - Math.max(this.#earliest(tier), Math.floor(olderAt / range.stepMillis) - lacking);
  }

  /** The first slot of a tier in the time that is asked for: that of the coarsest tier. */
  #earliest(tier: number): number {
    const { range } = this.#row(this.#rows.length - 1);
    return Math.ceil((range.first * range.stepMillis) / this.#row(tier).range.stepMillis);
  }

  /** When the series had a value last before a time, by the coarser tiers. */
  #newestBefore(at: number, finerThan: number, values: ValuesOfTiers): number | undefined {
    let newest: number | undefined;
    for (const { range } of this.#rows.slice(finerThan + 1)) {
      const { tier, stepMillis, first } = range;
      const from = Math.min(range.last, Math.ceil(at / stepMillis) - 1);
      for (let slot = from; slot >= first; slot--) {
        if (Number.isNaN(values[tier]?.[slot - first])) continue;
        newest = Math.max(newest ?? Number.NEGATIVE_INFINITY, Math.min(at, (slot + 1) * stepMillis) - 1);
        break;
      }
    }
    return newest;
  }

  /** A tier that has taken the samples before a time. */
  #filled(tier: number, values: ValuesOfTiers, before: number): Tier {
    const filled = new Tier(this.#resolutions[tier] as Resolution, "mean", tier === 0);
    const samples = this.#row(0);
    let samplesFrom = samples.answeredFrom;
    if (tier > 0) {
      const { range, answeredFrom } = this.#row(tier);
      const { stepMillis, first, last } = range;
      const own = values[tier] as Float64Array;
      for (let slot = answeredFrom; slot <= last && (slot + 1) * stepMillis <= before; slot++) {
        const value = own[slot - first] as number;
        if (!Number.isNaN(value)) filled.append({ at: (slot + 0.5) * stepMillis, value });
      }
      samplesFrom = Math.max(samplesFrom, Math.ceil(((last + 1) * stepMillis) / samples.range.stepMillis));
    }
    const { stepMillis, first, last } = samples.range;
    const finest = values[0] as Float64Array;
    for (let slot = samplesFrom; slot <= last && slot * stepMillis < before; slot++) {
      const value = finest[slot - first] as number;
      if (!Number.isNaN(value)) filled.append({ at: slot * stepMillis, value });
    }
    return filled;
  }

  /** Whether the values of a tier begin or end with a gap, or have a longer one than this. */
  #hasGap(tier: number, values: ValuesOfTiers, millis: number): boolean {
    const own = values[tier] as Float64Array;
    if (Number.isNaN(own[0]) || Number.isNaN(own.at(-1))) return true;
    const most = millis / this.#row(tier).range.stepMillis;
    let gap = 0;
    return own.some((value) => {
      gap = Number.isNaN(value) ? gap + 1 : 0;
      return gap > most;
    });
  }

  #row(tier: number): Row {
    return this.#rows[tier] as Row;
  }
}
