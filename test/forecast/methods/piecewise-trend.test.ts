import { describe, expect, it } from "vitest";
import { piecewiseTrend } from "../../../src/forecast/methods/piecewise-trend.ts";

const noise = [1, -1, 0.5, -0.5, 1.5, -1.5, 0.5, -0.5];
const noisy = (length: number, valueAt: (index: number) => number): number[] =>
  Array.from({ length }, (_, index) => valueAt(index) + (noise[index % noise.length] as number));
const fitted = (values: number[]) => piecewiseTrend.fit({ values, stepSeconds: 1 }, {});
const idle = noisy(40, () => 50);

describe("piecewiseTrend", () => {
  it("forecasts the mean of a level", () => {
    expect(fitted(idle).at(20)).toBeCloseTo(50, 1);
  });

  it("follows a line", () => {
    expect(fitted(noisy(40, (index) => 3 * index)).at(10)).toBeCloseTo(3 * 49, 0);
  });

  it("follows growth that has just begun, for four times as long as it was seen", () => {
    const growth = Array.from({ length: 6 }, (_, index) => 50 + 20 * (index + 1));
    const method = fitted([...idle, ...growth]);
    expect(method.at(5)).toBeCloseTo(270, 0);
    expect(method.at(1000)).toBeCloseTo(method.at(24), 9);
    expect(method.weightFactor).toBeGreaterThan(1000);
  });

  it("has no more weight than its backtest gives where nothing is new", () => {
    expect(fitted(idle).weightFactor).toBe(1);
    expect(fitted([...idle, 90]).weightFactor).toBe(1);
  });

  it.for([
    { after: "a jump down", from: 100, slope: 20 },
    { after: "a jump up", from: 900, slope: -20 },
  ])(
    "has weight while growth after $after is new, and loses it evenly as it becomes old",
    ({ from, slope }) => {
      const before = noisy(40, () => 500);
      const weights = [12, 18, 24].map(
        (points) => fitted([...before, ...noisy(points, (index) => from + slope * index)]).weightFactor,
      );
      expect(weights).toEqual([5000, expect.closeTo(2500.5, 6), 1]);
    },
  );

  it("has no more weight where only the level is new", () => {
    expect(fitted([...idle, ...noisy(8, () => 90)]).weightFactor).toBe(1);
  });

  it("finds the former level and the new one plausible while a change is unsure", () => {
    const range = fitted([...idle, 90]).plausible?.(1);
    expect(range?.lower).toBeLessThan(51);
    expect(range?.upper).toBeGreaterThan(90);
  });

  it("finds growth and its end plausible after it began", () => {
    const growth = Array.from({ length: 6 }, (_, index) => 50 + 20 * (index + 1));
    const range = fitted([...idle, ...growth]).plausible?.(12);
    expect(range?.lower).toBeLessThan(400);
    expect(range?.upper).toBeGreaterThan(50 + 20 * 18);
  });

  it("adds nothing to past errors long after a change", () => {
    expect(fitted([...idle, ...noisy(30, () => 90)]).plausible?.(5)).toBeUndefined();
    expect(fitted(idle).plausible?.(5)).toBeUndefined();
  });

  it("mirrors a series that is mirrored", () => {
    const values = [...idle, ...Array.from({ length: 6 }, (_, index) => 50 + 20 * (index + 1))];
    const up = fitted(values);
    const down = fitted(values.map((value) => -value));
    const range = up.plausible?.(9);
    expect(down.at(9)).toBeCloseTo(-up.at(9), 9);
    expect(down.plausible?.(9)?.lower).toBeCloseTo(-(range?.upper ?? 0), 9);
    expect(down.plausible?.(9)?.upper).toBeCloseTo(-(range?.lower ?? 0), 9);
  });
});
