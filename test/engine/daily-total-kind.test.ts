import { describe, expect, it } from "vitest";
import { DailyTotalKind } from "../../src/engine/daily-total-kind.ts";
import type { OutlookModel } from "../../src/engine/outlook-model.ts";
import { localClock } from "../../src/series/local-clock.ts";

const HOUR = 3_600_000;
const SIX_PM = Date.UTC(2026, 0, 1, 18);
const now = { at: SIX_PM, value: 100 };

/** Ten an hour, by a model that sees the total over all days. */
const meanAt = (at: number): number => 7000 + (10 * (at - SIX_PM)) / HOUR;
const model: OutlookModel = {
  method: "naive",
  errorVersusNaive: 1,
  stepMillis: 10_000,
  stepAfter: () => 1,
  meanAt,
  predictAt: (at) => ({
    mean: meanAt(at),
    lower80: meanAt(at) - 4,
    upper80: meanAt(at) + 6,
    lower95: meanAt(at) - 80,
    upper95: meanAt(at) + 90,
  }),
};
const kind = new DailyTotalKind({ lower: 0 }, undefined);

describe("a total of the day", () => {
  it("is today the current total and what comes until then, never less than it is", () => {
    expect(kind.predictAt(model, now, SIX_PM + 3 * HOUR)).toEqual({
      mean: 130,
      lower80: 126,
      upper80: 136,
      lower95: 100,
      upper95: 220,
    });
  });

  it("is on a later day what comes from its midnight on, with the error of that time", () => {
    const share = Math.sqrt(6 / 12);
    const sixAm = kind.predictAt(model, now, SIX_PM + 12 * HOUR);
    expect(sixAm.mean).toBe(60);
    expect(sixAm.lower80).toBeCloseTo(60 - 4 * share, 9);
    expect(sixAm.upper80).toBeCloseTo(60 + 6 * share, 9);
    expect(sixAm.lower95).toBeCloseTo(60 - 80 * share, 9);
    expect(sixAm.upper95).toBeCloseTo(60 + 90 * share, 9);
  });

  it("is 0 at midnight", () => {
    const nothing = { mean: 0, lower80: 0, upper80: 0, lower95: 0, upper95: 0 };
    expect(kind.predictAt(model, now, SIX_PM + 6 * HOUR)).toEqual(nothing);
    expect(kind.predictAt(model, now, SIX_PM + 6 * HOUR - 1).mean).toBeCloseTo(160, 3);
  });

  it("keeps within the bounds of one day", () => {
    const bounded = new DailyTotalKind({ lower: 0, upper: 128 }, undefined);
    expect(bounded.predictAt(model, now, SIX_PM + 3 * HOUR)).toMatchObject({ mean: 128, lower80: 126 });
    expect(bounded.means(model, now)(SIX_PM + 3 * HOUR)).toBe(128);
  });

  it("has means that continue the current total, and never fall", () => {
    const means = kind.means(model, now);
    expect([0, 1, 3].map((hours) => means(SIX_PM + hours * HOUR))).toEqual([100, 110, 130]);
    const falling = kind.means({ ...model, meanAt: (at) => -meanAt(at) }, now);
    expect(falling(SIX_PM + HOUR)).toBe(100);
  });

  it("starts again at midnight, UTC or of its time zone", () => {
    expect(kind.nextStart(SIX_PM)).toBe(Date.UTC(2026, 0, 2));
    const inTokyo = new DailyTotalKind({ lower: 0 }, localClock("Asia/Tokyo"));
    expect(inTokyo.nextStart(SIX_PM)).toBe(Date.UTC(2026, 0, 2, 15));
  });
});
