import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DailyTotal, midnightAfter, midnightBefore } from "../../src/series/daily-total.ts";
import { localClock, localTime } from "../../src/series/local-clock.ts";

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
    // Berlin is one hour ahead of UTC in winter, two in summer. In 2026 clocks change on 29 March
    // and 25 October at 1:00 UTC.
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

describe("midnight where clocks are changed at midnight", () => {
  const quarter = HOUR / 4;

  // In 2026 clocks go from 0:00 to 1:00 in Egypt (24 April) and Cuba (8 March). They go from 24:00
  // back to 23:00 in Egypt (29 October), and from 1:00 back to 0:00 in Cuba (1 November) and the
  // Azores (25 October). https://www.iana.org/time-zones
  it.each(["Africa/Cairo", "America/Havana", "Atlantic/Azores", "America/Santiago", "Antarctica/Troll"])(
    "is when another day begins in %s",
    (zone) => {
      const clock = localClock(zone);
      const dayOf = (at: number): number => Math.floor(localTime(clock, at) / (24 * HOUR));
      const begins: number[] = [];
      const end = Date.UTC(2027, 0, 1);
      let latest = dayOf(Date.UTC(2026, 0, 1));
      for (let at = Date.UTC(2026, 0, 1); at < end; at += quarter) {
        if (dayOf(at) <= latest) continue;
        latest = dayOf(at);
        begins.push(at);
      }
      for (const [index, begin] of begins.slice(0, -1).entries()) {
        const next = begins[index + 1] as number;
        for (const at of [
          begin,
          begin + quarter,
          begin + 3 * HOUR,
          begin + 12 * HOUR,
          next - HOUR,
          next - 1,
        ]) {
          expect([midnightBefore(clock, at), midnightAfter(clock, at)]).toEqual([begin, next]);
        }
      }
    },
  );

  it("counts the use of the hour before it once", () => {
    const total = new DailyTotal(localClock("Africa/Cairo"), quarter);
    const midnight = Date.UTC(2026, 3, 23, 22);
    const used = [100, 101, 102, 103, 1, 2];
    const all = used.map((value, index) => total.take(value, midnight + (index - 3.5) * quarter));
    expect(all).toEqual([100, 101, 102, 103, 104.5, 105.5]);
  });
});

describe("a daily total", () => {
  it("continues over midnight, with half a slot for the time until then", () => {
    const total = new DailyTotal(undefined, HOUR);
    const evening = Date.UTC(2026, 0, 1, 22, 30);
    expect([10, 14, 2, 6].map((value, hour) => total.take(value, evening + hour * HOUR))).toEqual([
      10, 14, 18, 22,
    ]);
  });

  it.each([
    ["before midnight", [10, 14, 18, 2, 6], [10, 14, 18, 20, 24]],
    ["after it", [10, 14, 2, 6, 10], [10, 14, 18, 22, 26]],
  ])(
    "counts a sample once that was taken %s in the slot that midnight lies in the first half of",
    (_, values, all) => {
      const total = new DailyTotal(undefined, HOUR);
      const evening = Date.UTC(2026, 0, 1, 22, 10);
      expect(values.map((value, hour) => total.take(value, evening + hour * HOUR))).toEqual(all);
    },
  );

  it("continues after a restart within the day, and over gaps", () => {
    const total = new DailyTotal(undefined, HOUR);
    const values = [10, 14, Number.NaN, 3, 5];
    expect(values.map((value, hour) => total.take(value, hour * HOUR))).toEqual([10, 14, Number.NaN, 17, 19]);
  });

  it.each([
    ["is put right", [10, 14, 18, 17, 21], [10, 14, 18, 22, 26]],
    ["is the mean of a slot in which it was started anew", [100, 104, 50, 8, 12], [100, 104, 108, 112, 116]],
    ["falls below 0", [10, 14, -2, 2], [10, 14, 14, 18]],
  ])("does not count again what was used before, where it %s", (_, values, all) => {
    const total = new DailyTotal(undefined, HOUR);
    expect(values.map((value, hour) => total.take(value, hour * HOUR))).toEqual(all);
  });

  it("never falls, and rises by the whole use when slots end at midnight", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 2, maxLength: 200 }), (uses) => {
        const total = new DailyTotal(undefined, HOUR);
        let today = 0;
        let before = Number.NEGATIVE_INFINITY;
        for (const [hour, use] of uses.entries()) {
          if (hour % 24 === 0) today = 0;
          today += use;
          const all = total.take(today, (hour + 0.5) * HOUR);
          expect(all).toBeGreaterThanOrEqual(before);
          before = all;
        }
        expect(before).toBeGreaterThanOrEqual(uses.reduce((sum, use) => sum + use, 0) - 1e-9);
      }),
    );
  });
});
