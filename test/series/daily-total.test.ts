import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DailyTotal, midnightAfter, midnightBefore } from "../../src/series/daily-total.ts";
import { localClock } from "../../src/series/local-clock.ts";

const HOUR = 3_600_000;
const berlin = localClock("Europe/Berlin");

describe("midnight", () => {
  it("is UTC's without a clock", () => {
    const noon = Date.UTC(2026, 10, 23, 12);
    expect(midnightAfter(undefined, noon)).toBe(Date.UTC(2026, 10, 24));
    expect(midnightBefore(undefined, noon)).toBe(Date.UTC(2026, 10, 23));
    expect(midnightAfter(undefined, Date.UTC(2026, 10, 23))).toBe(Date.UTC(2026, 10, 24));
    expect(midnightBefore(undefined, Date.UTC(2026, 10, 23))).toBe(Date.UTC(2026, 10, 23));
  });

  it.each([
    // Winter time is an hour ahead of UTC, summer time two; in 2026 clocks are changed on 29 March and 25 October at 1:00 UTC.
    ["in winter", Date.UTC(2026, 0, 15, 12), Date.UTC(2026, 0, 14, 23), Date.UTC(2026, 0, 15, 23)],
    [
      "on a day of 23 hours",
      Date.UTC(2026, 2, 29, 0, 30),
      Date.UTC(2026, 2, 28, 23),
      Date.UTC(2026, 2, 29, 22),
    ],
    ["later that day", Date.UTC(2026, 2, 29, 12), Date.UTC(2026, 2, 28, 23), Date.UTC(2026, 2, 29, 22)],
    [
      "on a day of 25 hours",
      Date.UTC(2026, 9, 25, 0, 30),
      Date.UTC(2026, 9, 24, 22),
      Date.UTC(2026, 9, 25, 23),
    ],
    ["later that day", Date.UTC(2026, 9, 25, 12), Date.UTC(2026, 9, 24, 22), Date.UTC(2026, 9, 25, 23)],
  ])("is that of the clock %s", (_, at, before, after) => {
    expect(midnightBefore(berlin, at)).toBe(before);
    expect(midnightAfter(berlin, at)).toBe(after);
  });
});

describe("a daily total", () => {
  it("goes on over midnight, with half a slot more for the time until then", () => {
    const total = new DailyTotal(undefined);
    const evening = Date.UTC(2026, 0, 1, 22, 30);
    expect([10, 14, 2, 6].map((value, hour) => total.take(value, evening + hour * HOUR))).toEqual([
      10, 14, 18, 22,
    ]);
  });

  it("goes on where it was started anew within the day, and over gaps", () => {
    const total = new DailyTotal(undefined);
    const values = [10, 14, Number.NaN, 3, 5];
    expect(values.map((value, hour) => total.take(value, hour * HOUR))).toEqual([10, 14, Number.NaN, 17, 19]);
  });

  it("never falls, and rises by all that was used where slots end at midnight", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 2, maxLength: 200 }), (uses) => {
        const total = new DailyTotal(undefined);
        let today = 0;
        let before = Number.NEGATIVE_INFINITY;
        for (const [hour, use] of uses.entries()) {
          if (hour % 24 === 0) today = 0;
          today += use;
          const all = total.take(today, hour * HOUR);
          expect(all).toBeGreaterThanOrEqual(before);
          before = all;
        }
        expect(before).toBeGreaterThanOrEqual(uses.reduce((sum, use) => sum + use, 0) - 1e-9);
      }),
    );
  });
});
