import { describe, expect, it } from "vitest";
import { toGridSeries } from "../../../../src/commands/backtest/input/grid-series.ts";
import { monthlyGrid } from "../../../../src/commands/backtest/input/months.ts";

const grid = (...dates: string[]) =>
  monthlyGrid(dates.map((date, index) => ({ at: Date.parse(date), value: index })));

describe("a grid of months", () => {
  it("has one step for each month, however long it is", () => {
    const starts = Array.from({ length: 60 }, (_, index) => new Date(Date.UTC(2020, index)).toISOString());
    const monthly = grid(...starts);
    expect(monthly?.values).toEqual(Float64Array.from({ length: 60 }, (_, index) => index));
    expect(monthly).toMatchObject({
      stepMonths: 1,
      stepSeconds: 2_629_746,
      season: 12,
      endMillis: Date.UTC(2024, 11),
    });
  });

  it("has a gap for a month without a value", () => {
    expect(grid("2026-01-01", "2026-02-01", "2026-04-01", "2026-05-01")?.values).toEqual(
      Float64Array.of(0, 1, Number.NaN, 2, 3),
    );
  });

  it("may be of ends of months, of local midnights, of another day, of quarters or of years", () => {
    expect(grid("2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30")).toMatchObject({
      stepMonths: 1,
      endMillis: Date.UTC(2026, 3),
    });
    expect(grid("2026-01-31T23:00Z", "2026-02-28T23:00Z", "2026-03-31T22:00Z")).toMatchObject({
      stepMonths: 1,
      endMillis: Date.UTC(2026, 3),
    });
    // Midnight in Kiritimati, the furthest from UTC, and in Hawaii.
    for (const midnights of [
      ["2026-01-31T10:00Z", "2026-02-28T10:00Z", "2026-03-31T10:00Z"],
      ["2026-02-01T10:00Z", "2026-03-01T10:00Z", "2026-04-01T10:00Z"],
    ])
      expect(grid(...midnights)).toMatchObject({ stepMonths: 1, endMillis: Date.UTC(2026, 3) });
    expect(grid("2026-01-15", "2026-02-15", "2026-03-15")).toMatchObject({ stepMonths: 1 });
    expect(grid("2026-01-01", "2026-04-01", "2026-07-01")).toMatchObject({ stepMonths: 3, season: 4 });
    expect(grid("2024-01-01", "2025-01-01", "2026-01-01")).not.toHaveProperty("season");
  });

  it.each([
    [["2026-01-01", "2026-01-02", "2026-01-03"]],
    [["2026-01-01T00:00Z", "2026-01-01T01:00Z", "2026-02-01T00:00Z"]],
    [["2026-01-15", "2026-02-15", "2026-03-16"]],
    [["2026-01-01", "2026-02-01"]],
    [["2026-01-01", "2026-03-01", "2026-05-01", "2026-06-01"]],
  ])("is none of %j", (dates) => {
    expect(grid(...dates)).toBeUndefined();
  });
});

it("months that reach too far have no series, and the reason is told", () => {
  const months = [Date.UTC(-200_000, 0), ...[0, 1, 2, 3].map((month) => Date.UTC(2026, month))];
  const samples = months.map((at) => ({ at, value: 1 }));
  expect(toGridSeries({ id: "a", samples })).toEqual({
    id: "a",
    reason:
      "expected at most 1000000 steps, but times reach from -200000-01-01T00:00:00.000Z to " +
      "2026-04-01T00:00:00.000Z in steps of 1 month",
  });
});
