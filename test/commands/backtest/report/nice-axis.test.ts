import { describe, expect, it } from "vitest";
import { niceAxis } from "../../../../src/commands/backtest/report/nice-axis.ts";

const texts = (...values: number[]): string[] =>
  niceAxis([Float64Array.from(values)]).ticks.map(({ text }) => text);

describe("an axis", () => {
  it.each([
    [
      [0, 100],
      ["0", "20", "40", "60", "80", "100"],
    ],
    [
      [0, 1],
      ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"],
    ],
    [
      [-3, 12],
      ["0", "5", "10"],
    ],
    [
      [0, 5e-4],
      ["0.0000", "0.0001", "0.0002", "0.0003", "0.0004", "0.0005"],
    ],
    [
      [880_000, 910_000],
      ["880000", "890000", "900000", "910000"],
    ],
    [
      [0, 1e6],
      ["0", "200000", "400000", "600000", "800000", "1.0e+6"],
    ],
    [
      [0, 5e9],
      ["0", "1.0e+9", "2.0e+9", "3.0e+9", "4.0e+9", "5.0e+9"],
    ],
  ])("of %j has ticks at round numbers: %j", (values, expected) => {
    expect(texts(...values)).toEqual(expected);
  });

  it.each([
    [[5]],
    [[0]],
    [[]],
    [[Number.NaN]],
    [[Number.MAX_VALUE, -Number.MAX_VALUE]],
    [[0, Number.MIN_VALUE]],
    [[1e12, 1e12 + 1e-3]],
  ])("of %j has a finite length above 0, and few ticks", (values) => {
    const { unit, lower, upper, ticks } = niceAxis([Float64Array.from(values)]);
    expect([unit, lower, upper].every(Number.isFinite)).toBe(true);
    expect(unit).toBeGreaterThan(0);
    expect(upper).toBeGreaterThan(lower);
    expect(ticks.length).toBeLessThanOrEqual(11);
    for (const value of values.filter(Number.isFinite)) {
      expect(value / unit).toBeGreaterThanOrEqual(lower);
      expect(value / unit).toBeLessThanOrEqual(upper);
    }
  });
});
