import { describe, expect, it } from "vitest";
import { Regimes } from "../../../src/forecast/regimes/regimes.ts";

/** A repeating pattern of noise with mean 0 and a mean square of 1. */
const noise = [1, -1, 0.5, -0.5, 1.5, -1.5, 0.5, -0.5];
const noisy = (length: number, valueAt: (index: number) => number): number[] =>
  Array.from({ length }, (_, index) => valueAt(index) + (noise[index % noise.length] as number));
const regimesOf = (values: readonly number[]): Regimes => {
  const regimes = new Regimes();
  for (const value of values) regimes.take(value);
  return regimes;
};

describe("Regimes", () => {
  it("is one regime while nothing changes", () => {
    const regimes = regimesOf(noisy(40, () => 50));
    expect(regimes.hasChanged).toBe(false);
    expect(regimes.age).toBe(40);
    expect(regimes.slope).toBe(0);
    expect(regimes.level).toBeCloseTo(50, 1);
  });

  it("is unsure after one point far away, and forgets it when the next is near", () => {
    const values = noisy(40, () => 50);
    expect(regimesOf([...values, 90])).toMatchObject({
      isUnsure: true,
      hasChanged: false,
      last: 90,
      level: 90,
    });
    expect(regimesOf([...values, 90, 51])).toMatchObject({ isUnsure: false, hasChanged: false });
  });

  it("begins a new regime after two points on one side", () => {
    const regimes = regimesOf([...noisy(40, () => 50), 90, 91]);
    expect(regimes.hasChanged).toBe(true);
    expect(regimes.age).toBe(2);
    expect(regimes.level).toBeCloseTo(90.5, 9);
    expect(regimes.levelBefore).toBeCloseTo(50, 0);
    expect(regimes.novelty).toBeGreaterThan(10);
  });

  it("takes two points on different sides for two outliers", () => {
    expect(regimesOf([...noisy(40, () => 50), 90, 10]).hasChanged).toBe(false);
  });

  it("goes on with the slope of a ramp that was reset", () => {
    const ramp = noisy(40, (index) => 100 + 3 * index);
    const regimes = regimesOf([...ramp, 100, 103]);
    expect(regimes.isInherited).toBe(true);
    expect(regimes.slope).toBeCloseTo(3, 1);
    expect(regimes.slopePoints).toBe(40);
  });

  it("stays at a level that comes back", () => {
    const peak = Array.from({ length: 10 }, (_, index) => 50 + 10 * index);
    const regimes = regimesOf([...noisy(40, () => 50), ...peak, 50, 51]);
    expect(regimes.slope).toBe(0);
    expect(regimes.level).toBeCloseTo(50.5, 9);
  });

  it("counts growth that gathers speed as one change", () => {
    const growth = [1, 4, 9, 16, 25, 36, 49, 64].map((value) => 50 + 3 * value);
    const regimes = regimesOf([...noisy(40, () => 50), ...growth]);
    expect(regimes.changeAge).toBeGreaterThanOrEqual(7);
    expect(regimes.levelBefore).toBeCloseTo(50, 0);
  });

  it("remembers how far outliers were: what was there before is not new", () => {
    const values = noisy(60, () => 50).map((value, index) => (index % 20 === 15 ? 200 : value));
    expect(regimesOf([...values, 120, 121]).novelty).toBeLessThan(1);
  });

  it("skips gaps, and is empty without any value", () => {
    const values = noisy(40, () => 50);
    values[30] = Number.NaN;
    expect(regimesOf(values)).toMatchObject({ hasChanged: false, age: 40 });
    expect(regimesOf([Number.NaN]).isEmpty).toBe(true);
  });

  it.each([0.4, -0.4])("notices a slow drift, and where it began, with a slope of %d", (slope) => {
    const drift = noisy(60, (index) => 50 + slope * Math.max(0, index - 30));
    const regimes = regimesOf([...noisy(64, () => 50), ...drift.slice(30)]);
    expect(regimes.isDrifting).toBe(true);
    expect(regimes.age).toBeLessThan(40);
    expect(regimes.slope).toBeCloseTo(slope, 1);
  });

  it("knows a slope less well where the noise persists", () => {
    const wave = Array.from({ length: 200 }, (_, index) => Math.sin(index / 3));
    expect(regimesOf(wave).persistence).toBeGreaterThan(1.5);
    expect(regimesOf(noisy(200, () => 50)).persistence).toBe(1);
  });
});
