import { describe, expect, it } from "vitest";
import { isTimeZone, localClock, localTime, onLocalClock } from "../../src/series/local-clock.ts";

const HOUR = 3_600_000;
const QUARTER = HOUR / 4;

/**
 * Clock changes of 2026 in the IANA database: https://www.iana.org/time-zones (Rule EU and Rule
 * US).
 */
const changes = [
  { zone: "Europe/Berlin", at: "2026-03-29T01:00Z", before: 1, after: 2 },
  { zone: "Europe/Berlin", at: "2026-10-25T01:00Z", before: 2, after: 1 },
  { zone: "America/New_York", at: "2026-03-08T07:00Z", before: -5, after: -4 },
  { zone: "America/New_York", at: "2026-11-01T06:00Z", before: -4, after: -5 },
];

describe("a local clock", () => {
  it.each(changes)("knows that $zone changes at $at", ({ zone, at, before, after }) => {
    const clock = localClock(zone);
    const change = Date.parse(at);
    expect(clock.offsetMillis(change - 1)).toBe(before * HOUR);
    expect(clock.offsetMillis(change)).toBe(after * HOUR);
  });

  it.each([
    ["UTC", 0],
    ["Asia/Kolkata", 5.5],
    ["Asia/Kathmandu", 5.75],
    ["Pacific/Kiritimati", 14],
    ["America/St_Johns", -3.5],
  ])("knows that %s is %d hours ahead of UTC in January", (zone, hours) => {
    expect(localClock(zone).offsetMillis(Date.UTC(2026, 0, 15, 12, 34, 56, 789))).toBe(hours * HOUR);
  });

  it("goes on at times that no calendar has: a sender may tell any", () => {
    const { offsetMillis } = localClock("Asia/Kolkata");
    for (const at of [8.64e15, 8.64e15 + 1, 1e308]) expect(offsetMillis(at)).toBe(5.5 * HOUR);
    expect(offsetMillis(Number.NaN)).toBeNaN();
  });

  it("has one local time before there were changes, also in years of less than three digits", () => {
    const { offsetMillis } = localClock("Asia/Kolkata");
    const first = offsetMillis(Date.UTC(1500, 0));
    expect(first).toBeGreaterThan(5 * HOUR);
    for (const date of ["0100-01-01", "0099-12-31", "0000-01-01", "-000001-01-01", "-271821-04-20"])
      expect(offsetMillis(Date.parse(date)), date).toBe(first);
    for (const at of [-9.2e18, -1e308, Number.NEGATIVE_INFINITY]) expect(offsetMillis(at)).toBe(first);
  });

  it("gives the same answer every time, with more times than its cache holds", () => {
    const clock = localClock("Europe/Berlin");
    const from = Date.UTC(2026, 0, 1);
    for (let quarter = 0; quarter < 10_000; quarter++) clock.offsetMillis(from + quarter * QUARTER);
    expect(clock.offsetMillis(from)).toBe(HOUR);
    expect(clock.offsetMillis(Date.UTC(2026, 6, 1))).toBe(2 * HOUR);
  });

  it("is UTC where there is none", () => {
    expect(localTime(undefined, 1234)).toBe(1234);
    expect(localTime(localClock("Europe/Berlin"), Date.UTC(2026, 0, 1))).toBe(Date.UTC(2026, 0, 1, 1));
  });

  it("refuses a zone that does not exist", () => {
    expect(() => localClock("Europe/Atlantis")).toThrow(RangeError);
    expect(["Europe/Berlin", "UTC", "Europe/Atlantis", "", "9"].map(isTimeZone)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe("values on the local clock", () => {
  const berlin = localClock("Europe/Berlin");
  const change = Date.parse("2026-03-29T01:00Z");
  const back = Date.parse("2026-10-25T01:00Z");
  const lay = (values: number[], stepMillis: number, lastAt: number): number[] =>
    Array.from(onLocalClock(values, stepMillis, lastAt, berlin));

  it("stay unchanged without a clock change, gaps included", () => {
    expect(lay([1, Number.NaN, 3], QUARTER, Date.UTC(2026, 0, 5))).toEqual([1, Number.NaN, 3]);
    expect(lay([], QUARTER, Date.UTC(2026, 0, 5))).toEqual([]);
  });

  it("have a gap where an hour is left out", () => {
    expect(lay([1, 2, 3, 4], HOUR / 2, change + HOUR / 2)).toEqual([1, 2, Number.NaN, Number.NaN, 3, 4]);
  });

  it("are averaged where an hour comes twice", () => {
    // 2:00, 2:30, and again 2:00, 2:30; then 3:00.
    expect(lay([10, 20, 40, 60, 50], HOUR / 2, back + HOUR)).toEqual([25, 40, 50]);
  });

  it("use the other value of an hour that comes twice when one is a gap", () => {
    expect(lay([Number.NaN, 20, 40, Number.NaN, 50], HOUR / 2, back + HOUR)).toEqual([40, 20, 50]);
  });

  it("end at the local time of the last value, within the hour that comes twice too", () => {
    // 2:00 2:30 | 2:00
    expect(lay([10, 20, 40], HOUR / 2, back)).toEqual([25]);
    expect(lay([5, 10, 20, 40], HOUR / 2, back)).toEqual([5, 25]);
  });

  it("do not overflow when the largest numbers are averaged", () => {
    const largest = Number.MAX_VALUE;
    expect(lay([largest, 1, largest, 1], HOUR / 2, back + HOUR / 2)[0]).toBe(largest);
  });
});
