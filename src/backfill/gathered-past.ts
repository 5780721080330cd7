import type { Steps } from "../core/yielding-runner.ts";
import { ApiError } from "../promql/api-error.ts";
import type { Resolution } from "../series/resolution.ts";
import type { SeriesSnapshot } from "../series/series-snapshot.ts";
import { continuedSeries } from "./continued-series.ts";
import { PastOfSeries } from "./past-of-series.ts";
import { slotOf, slotsOf, type TierRange, tierRanges } from "./tier-ranges.ts";

/** A tier is extended over long gaps to so many times its capacity. */
const MAX_EXTENDED = 8;

/** One tier of all series. */
interface Row {
  readonly resolution: Resolution;
  range: TierRange;
  /** From this slot on, all was answered. */
  answeredFrom: number;
  /** By how many slots the range may still be extended. */
  mayBeExtendedBy: number;
  /** Parts that were answered before newer ones were: their first slots by their last. */
  readonly ahead: Map<number, number>;
}

/**
 * The past of several series while it is asked for: one value for each slot of each tier. Answers
 * may come in any order. What has been answered without a hole, from the newest slot back, is used.
 */
export class GatheredPast {
  readonly #rows: readonly Row[];
  /** The values of each series by tier and slot; `NaN` where it has none. */
  readonly #series = new Map<string, Float64Array[]>();

  /**
   * @param until the newest sample is at this time or before, in epoch milliseconds.
   * @param since what is older is known; `undefined`: nothing is.
   */
  constructor(resolutions: readonly Resolution[], until: number, since?: number) {
    this.#rows = tierRanges(resolutions, until, since).map((range) => {
      const resolution = resolutions[range.tier] as Resolution;
      const mayBeExtendedBy = since === undefined ? MAX_EXTENDED * resolution.capacity : 0;
      return { resolution, range, answeredFrom: range.last + 1, mayBeExtendedBy, ahead: new Map() };
    });
  }

  get ranges(): readonly TierRange[] {
    return this.#rows.map(({ range }) => range);
  }

  /** Expects values of a series. */
  add(id: string): void {
    const values = this.#rows.map(({ range }) => new Float64Array(slotsOf(range)).fill(Number.NaN));
    this.#series.set(id, values);
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
      if (!Number.isInteger(slot) || slot < part.first || slot > part.last) {
        const time = new Date(at).toISOString();
        throw new ApiError("not_understood", `it answered for ${time}, which was not asked for`);
      }
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
   * @param kept the series as it is stored: what is newer is added to it.
   * @returns `undefined` if the series has no sample in the range of the finest tier.
   */
  snapshotOf(
    id: string,
    before = Number.POSITIVE_INFINITY,
    kept?: SeriesSnapshot,
  ): SeriesSnapshot | undefined {
    const values = this.#series.get(id);
    if (values === undefined) return undefined;
    if (kept !== undefined) return continuedSeries(kept, { tiers: this.#rows, values, before });
    return new PastOfSeries(this.#rows, values).snapshot(before);
  }

  /**
   * How many slots before the range of a tier are needed to fill it, because the slots before a long
   * gap are still used. Long gaps are those of an outage, which most series share. If fewer than half
   * of them have one, they begin after it, because all series would have to be asked for again. So
   * they do after a very long one.
   */
  *lackingSlots(tier: number): Steps<number> {
    if (this.#row(tier).mayBeExtendedBy <= 0) return 0;
    let most = 0;
    let lacking = 0;
    for (const values of this.#series.values()) {
      const slots = new PastOfSeries(this.#rows, values).lackingSlots(tier);
      most = Math.max(most, slots);
      if (slots > 0) lacking += 1;
      yield;
    }
    const isUseful = lacking * 2 >= this.#series.size && most <= this.#row(tier).mayBeExtendedBy;
    return isUseful ? most : 0;
  }

  /** Extends the range of a tier to older slots. Returns what has to be asked for. */
  extend(tier: number, slots: number): TierRange {
    const row = this.#row(tier);
    const { first } = row.range;
    row.range = { ...row.range, first: first - slots };
    row.mayBeExtendedBy -= slots;
    for (const values of this.#series.values()) {
      const longer = new Float64Array(slotsOf(row.range)).fill(Number.NaN, 0, slots);
      longer.set(values[tier] as Float64Array, slots);
      values[tier] = longer;
    }
    return { ...row.range, last: first - 1 };
  }

  #row(tier: number): Row {
    return this.#rows[tier] as Row;
  }
}
