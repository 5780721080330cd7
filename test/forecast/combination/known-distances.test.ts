import { describe, expect, it } from "vitest";
import {
  distanceFrom,
  newestOf,
  ratioAtDistance,
} from "../../../src/forecast/combination/known-distances.ts";

describe("newestOf", () => {
  it("is the last two values, so that one outlier is no change of level", () => {
    expect(newestOf(Float64Array.of(1, 2, 1, Number.NaN, 9))).toEqual([1, 9]);
  });

  it("is the last value after a constant, which has no outliers", () => {
    expect(newestOf(Float64Array.of(3, 3, 3, 3, 7))).toEqual([7]);
    expect(newestOf(Float64Array.of(3, 3, 3, 7, 7))).toEqual([7, 7]);
  });
});

describe("distanceFrom", () => {
  it("is that from the nearest value, when all are on one side", () => {
    expect(distanceFrom([10, 12], 4)).toBe(6);
    expect(distanceFrom([10, 12], 20)).toBe(8);
    expect(distanceFrom([10, 12], 11)).toBe(0);
    expect(distanceFrom([], 11)).toBe(0);
  });
});

describe("ratioAtDistance", () => {
  // Naive is member 0; member 1 was 1 away from it and always right, so naive was 1 wrong.
  const known = {
    horizon: 1,
    actual: new Float64Array(20).fill(1),
    age: Int32Array.from({ length: 20 }, (_, index) => 20 - index),
    predicted: Float64Array.from({ length: 40 }, (_, index) => index % 2),
  };
  const at = (distance: number): number =>
    ratioAtDistance(known, { ratios: Float64Array.of(1, 0.2), usualError: 1 }, 1, distance);

  it("keeps the ratio of the backtest at distances that it knows", () => {
    expect(at(0)).toBe(0.2);
    expect(at(0.8)).toBe(0.2);
  });

  it("makes a forecast worse than naive at a distance that it never had", () => {
    expect(at(50)).toBeCloseTo(1.5, 2);
  });

  it("counts forecasts from similar distances as evidence", () => {
    expect(at(1.6)).toBe(0.2);
    expect(at(4)).toBeGreaterThan(1);
    expect(at(4)).toBeLessThan(1.3);
  });
});
