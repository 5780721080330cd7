import { describe, expect, it } from "vitest";
import type { HorizonErrors } from "../../src/forecast/backtest/errors.ts";
import { ConformalIntervals } from "../../src/forecast/conformal-intervals.ts";

/** -50 .. 50 in an order unrelated to size, all of them new. */
const errors = Float64Array.from({ length: 101 }, (_, index) => ((index * 37) % 101) - 50);
const now = new Int32Array(101);

describe("ConformalIntervals", () => {
  it("are the quantiles of the errors, above and below separately", () => {
    const offsets = new ConformalIntervals([{ horizon: 1, errors, age: now }], 1e9).at(1);
    // Rank (n + 1) p of n = 101 whole numbers around 0, plus 8 / n^2: 0.9 gives 40.8, 0.975 gives
    // 48.45.
    expect(offsets.upper80).toBeCloseTo(40.8 * (1 + 8 / 101 ** 2), 6);
    expect(offsets.lower80).toBeCloseTo(-40.8 * (1 + 8 / 101 ** 2), 6);
    expect(offsets.upper95).toBeCloseTo(48.45 * (1 + 8 / 101 ** 2), 6);
  });

  it("have no width if there are no errors", () => {
    const offsets = new ConformalIntervals(
      [{ horizon: 1, errors: new Float64Array(), age: new Int32Array() }],
      1e9,
    ).at(1);
    expect(offsets).toEqual({ lower95: 0, lower80: 0, upper80: 0, upper95: 0 });
  });

  it("never lie on the wrong side of the mean", () => {
    const { lower80, upper80 } = new ConformalIntervals(
      [{ horizon: 1, errors: errors.map((error) => error + 1000), age: now }],
      100,
    ).at(1);
    expect(lower80).toBe(0);
    expect(upper80).toBeGreaterThan(1000);
  });

  it("are interpolated between horizons, never narrow, and widen with the distance", () => {
    const small = errors.map((error) => error / 10);
    const tested = [
      { horizon: 1, errors, age: now },
      { horizon: 3, errors: errors.map((error) => 2 * error), age: now },
      { horizon: 9, errors: small, age: now },
    ];
    const still = new ConformalIntervals(tested, 1e9);
    const width = (steps: number): number => still.at(steps).upper80;
    expect(width(2)).toBeCloseTo((width(1) + width(3)) / 2, 6);
    expect(width(9)).toBeCloseTo(width(3), 6);
    const short = new ConformalIntervals(tested, 100);
    expect(short.at(100).upper80 / still.at(100).upper80).toBeCloseTo(1.2, 4);
    expect(short.at(100).upper95 / still.at(100).upper95).toBeCloseTo(2.75, 4);
    // Four times the last tested horizon: the tenth root of four.
    expect(width(36) / width(9)).toBeCloseTo(1.1487, 4);
    // Beyond that it is half-way to a random walk. Ten times the last tested horizon: the tenth
    // root of ten times the fourth root of 10 / 4.
    expect(width(90) / width(9)).toBeCloseTo(1.2589 * 1.2574, 3);
    // The history is shorter than a quarter of the distance, which gives no further widening.
    const young = new ConformalIntervals(tested, 10);
    expect(young.at(9000).upper80 / still.at(9000).upper80).toBeCloseTo(1 + 0.2 * 4, 4);
  });

  it("weigh recent errors more", () => {
    const calmNow = errors.map((error, index) => (index < 50 ? error : error / 100));
    const age = Int32Array.from(errors, (_, index) => (index < 50 ? 1000 : 0));
    const { upper80 } = new ConformalIntervals([{ horizon: 1, errors: calmNow, age }], 1e9).at(1);
    expect(upper80).toBeLessThan(1);
  });

  it("skip a horizon with too few errors", () => {
    const near: HorizonErrors = { horizon: 1, errors, age: now };
    const far = (count: number): HorizonErrors => ({
      horizon: 8,
      errors: new Float64Array(count).fill(1e6),
      age: new Int32Array(count),
    });
    const widthWith = (count: number): number =>
      new ConformalIntervals([near, far(count)], 1e9).at(8).upper80;
    expect(widthWith(1)).toBeLessThan(80);
    expect(widthWith(11)).toBeLessThan(80);
    expect(widthWith(12)).toBeGreaterThan(1e5);
  });

  it("are wider than the range of few errors", () => {
    const { lower80, upper80 } = new ConformalIntervals(
      [{ horizon: 1, errors: Float64Array.of(-1, 0, 1), age: Int32Array.of(2, 1, 0) }],
      1e9,
    ).at(1);
    expect(upper80).toBeGreaterThan(1.5);
    expect(lower80).toBeLessThan(-1.5);
  });
});
