import { describe, expect, it } from "vitest";
import { presenceQuery, queryOf, slotsOfQuery } from "../../src/backfill/past-query.ts";
import {
  askedAt,
  halvesOf,
  partsOf,
  slotOf,
  type TierRange,
  tierRanges,
} from "../../src/backfill/tier-ranges.ts";
import { defaultResolutions } from "../../src/series/resolution.ts";

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const DAY = 86_400_000;
const NOON = Date.UTC(2026, 0, 1, 12);
/** A little after 12:07. */
const NOW = NOON + 7 * MINUTE + 3456;

describe("the ranges of the usual tiers", () => {
  const [samples, minutes, quarters] = tierRanges(defaultResolutions(10), NOW) as [
    TierRange,
    TierRange,
    TierRange,
  ];

  it("begin the samples at a quarter of an hour, an hour and five minutes ago at least", () => {
    expect(askedAt(samples, samples.first)).toBe(NOON - 4 * QUARTER);
    expect(askedAt(samples, samples.last)).toBe(NOON + 7 * MINUTE);
  });

  it("end the coarser slots where the samples begin", () => {
    for (const range of [minutes, quarters]) expect(askedAt(range, range.last)).toBe(NOON - 4 * QUARTER);
    expect(minutes.first * MINUTE).toBe(NOON + 2 * MINUTE - DAY);
    expect(quarters.first * QUARTER).toBe(NOON - 30 * DAY);
  });

  it("belong to the times at which they are asked for", () => {
    for (const range of [samples, minutes, quarters])
      for (const slot of [range.first, range.last]) expect(slotOf(range, askedAt(range, slot))).toBe(slot);
    expect(Number.isInteger(slotOf(samples, NOON + 1))).toBe(false);
  });

  it("are queries at multiples of their steps", () => {
    expect(queryOf("x", samples, 10_000)).toEqual({
      query: "x",
      start: NOON - 4 * QUARTER,
      end: NOON + 7 * MINUTE,
      stepMillis: 10_000,
    });
    expect(queryOf("x # y", quarters, 10_000)).toEqual({
      query: "avg_over_time((x # y\n)[900000ms:10000ms] offset 1ms)",
      start: NOON - 30 * DAY + QUARTER,
      end: NOON - 4 * QUARTER,
      stepMillis: QUARTER,
    });
    expect(queryOf("x", quarters, 10_000, true).query).toBe(
      "avg_over_time((((x\n) > -Inf) < Inf)[900000ms:10000ms] offset 1ms)",
    );
  });

  it("are looked through in steps of the interval, of five minutes at most", () => {
    const looks = (seconds: number): string | undefined => {
      const [range] = tierRanges(defaultResolutions(seconds), NOW);
      return /\[(\d+ms:\d+ms)\]/.exec(presenceQuery("x", range as TierRange))?.[1];
    };
    expect([10, 60, 900].map(looks)).toEqual([
      "4030000ms:20000ms",
      "86880000ms:300000ms",
      "2592900000ms:900000ms",
    ]);
  });
});

it("a range is cut into parts, the newest first", () => {
  const range: TierRange = { tier: 1, stepMillis: 1, first: 5, last: 14 };
  const shown = (parts: readonly TierRange[]) => parts.map(({ first, last }) => [first, last]);
  expect(shown(partsOf(range, 4))).toEqual([
    [11, 14],
    [7, 10],
    [5, 6],
  ]);
  expect(shown(partsOf(range, 100))).toEqual([[5, 14]]);
  expect(partsOf({ ...range, last: 4 }, 4)).toEqual([]);
  expect(shown(halvesOf({ ...range, last: 9 }))).toEqual([
    [7, 9],
    [5, 6],
  ]);
});

it("a query asks for as much as Prometheus answers, and keeps in its memory", () => {
  const samples: TierRange = { tier: 0, stepMillis: 10_000, first: 0, last: 1 };
  const quarters: TierRange = { tier: 2, stepMillis: 900_000, first: 0, last: 1 };
  // 11,000 points of a series, some 300,000 of all, and two million values of the expression.
  expect([1, 1000, 1_000_000].map((series) => slotsOfQuery(samples, series, 10_000))).toEqual([
    10_000, 300, 1,
  ]);
  expect([1, 100, 1000, 1_000_000].map((series) => slotsOfQuery(quarters, series, 10_000))).toEqual([
    10_000, 222, 22, 1,
  ]);
});
