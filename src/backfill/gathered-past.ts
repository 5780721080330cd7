import type { Steps } from "../core/yielding-runner.ts";
import { ApiError } from "../promql/api-error.ts";
import type { Resolution } from "../series/resolution.ts";
import type { SeriesSnapshot } from "../series/series-snapshot.ts";
import { PastOfSeries } from "./past-of-series.ts";
import { slotOf, slotsOf, type TierRange, tierRanges } from "./tier-ranges.ts";

/** One tier of all series. */
interface Row {
  readonly resolution: Resolution;
  range: TierRange;
  /** From this slot on, all was answered. */
  answeredFrom: number;
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

  /** @param until the newest sample is at this time or before, in epoch milliseconds. */
  constructor(resolutions: readonly Resolution[], until: number) {
    this.#rows = tierRanges(resolutions, until).map((range) => ({
      resolution: resolutions[range.tier] as Resolution,
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
   * @returns `undefined` if the series has no sample in the range of the finest tier.
   */
  snapshotOf(id: string, before = Number.POSITIVE_INFINITY): SeriesSnapshot | undefined {
    const values = this.#series.get(id);
    return values === undefined ? undefined : new PastOfSeries(this.#rows, values).snapshot(before);
  }

  /**
   * How many slots before the range of a tier are needed to fill it, because the slots before a long
   * gap are still used. Long gaps are those of an outage, which most series share. If fewer than half
   * of them have one, they begin after it: all series would have to be asked for again.
   */
  *lackingSlots(tier: number): Steps<number> {
    let most = 0;
    let lacking = 0;
    for (const values of this.#series.values()) {
      const slots = new PastOfSeries(this.#rows, values).lackingSlots(tier);
      most = Math.max(most, slots);
      if (slots > 0) lacking += 1;
      yield;
    }
    return lacking * 2 < this.#series.size ? 0 : most;
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

  #row(tier: number): Row {
    return this.#rows[tier] as Row;
  }
}
