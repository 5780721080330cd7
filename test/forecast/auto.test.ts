import { describe, expect, it } from "vitest";
import type { History } from "../../src/core/history.ts";
import { fitModel } from "../../src/forecast/fit-model.ts";
import type { FitOptions } from "../../src/forecast/fit-options.ts";
import type { ForecastModel } from "../../src/forecast/forecast-model.ts";

function noise(length: number, seed = 1): number[] {
  let state = seed;
  return Array.from({ length }, () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647 - 0.5;
  });
}

function auto(
  values: readonly number[],
  horizonSteps: number,
  more: Partial<FitOptions & History> = {},
): ForecastModel {
  const { stepSeconds = 60, season, ...options } = more;
  const history = { values, stepSeconds, ...(season !== undefined && { season }) };
  const result = fitModel(history, { method: "auto", horizonSteps, ...options });
  if (result.state !== "ready") throw new Error(JSON.stringify(result));
  return result.model;
}

describe("auto", () => {
  it("is deterministic", () => {
    const values = noise(300, 5);
    expect(auto(values, 50).predict(50)).toEqual(auto(values, 50).predict(50));
  });

  it("is about as good as naive on a random walk", () => {
    let level = 0;
    const walk = noise(400, 3).map((step) => {
      level += step;
      return level;
    });
    const model = auto(walk, 12);
    expect(model.errorVersusNaive).toBeGreaterThan(0.9);
    expect(model.errorVersusNaive).toBeLessThan(1.15);
    expect(Math.abs((model.predict(1).mean[0] as number) - level)).toBeLessThan(0.7);
  });

  it("follows a clear trend", () => {
    const values = noise(300).map((value, index) => 100 + 2 * index + 20 * value);
    const model = auto(values, 60);
    const { mean, lower80, upper80 } = model.predict(60);
    expect(mean[59]).toBeGreaterThan(800);
    expect(mean[59]).toBeLessThan(835);
    expect(lower80[59]).toBeLessThan(818);
    expect(upper80[59]).toBeGreaterThan(818);
    expect(model.method).toContain("trend");
  });

  it("predicts no trend from noise", () => {
    const { mean } = auto(noise(200, 11), 300).predict(300);
    for (const value of mean) expect(Math.abs(value)).toBeLessThan(0.2);
  });

  it("finds an unspecified daily season in hourly points, and continues it", () => {
    const load = (hour: number): number => 50 + 30 * Math.sin((2 * Math.PI * hour) / 24);
    const values = noise(480).map((value, hour) => load(hour) + 4 * value);
    const model = auto(values, 48, { stepSeconds: 3600 });
    model.predict(48).mean.forEach((value, index) => {
      expect(Math.abs(value - load(480 + index))).toBeLessThan(5);
    });
    expect(model.method).toMatch(/season 24/);
    expect(model.errorVersusNaive).toBeLessThan(0.2);
  });

  it("keeps its phase in the season through updates and gaps", () => {
    const peak = (minute: number): number => (minute % 30 === 7 ? 10 : 1);
    const model = auto(
      Array.from({ length: 200 }, (_, minute) => peak(minute)),
      30,
    );
    for (let minute = 200; minute < 211; minute++) model.update(minute === 205 ? Number.NaN : peak(minute));
    const { mean } = model.predict(30);
    const highest = mean.indexOf(Math.max(...mean));
    expect((211 + highest) % 30).toBe(7);
    expect(mean[highest]).toBeCloseTo(10, 6);
  });

  it("follows a new level after a few points, and ignores an outlier", () => {
    const shifted = noise(200).map((value, index) => (index < 180 ? 10 : 20) + value);
    expect(auto(shifted, 12).predict(12).mean[11]).toBeCloseTo(20, 0);
    const spiked = noise(200).map((value, index) => (index === 199 ? 1000 : 10 + value));
    expect(auto(spiked, 12).predict(12).mean[11]).toBeCloseTo(10, 0);
  });

  it("forecasts rare counts as 0, with an upper bound above", () => {
    const counts = noise(300, 9).map((value) => (value > 0.35 ? 1 : 0));
    const { mean, lower95, upper95 } = auto(counts, 12, { bounds: { lower: 0 } }).predict(12);
    expect(mean[5]).toBe(0);
    expect(lower95[5]).toBe(0);
    expect(upper95[5]).toBeGreaterThanOrEqual(1);
  });

  it("keeps the interval of a constant at width 0, and a ratio of 1 at 1", () => {
    const path = auto(Array(100).fill(1), 12, { bounds: { lower: 0, upper: 1 } }).predict(12);
    expect(path.lower95).toEqual(path.upper95);
    expect(path.mean).toEqual(new Float64Array(12).fill(1));
  });

  it.each([
    ["alternating", Array.from({ length: 80 }, (_, index) => index % 2)],
    ["denormal", Array.from({ length: 80 }, (_, index) => 5e-324 * (index % 3))],
    ["huge", Array.from({ length: 80 }, (_, index) => 1e300 * (index % 7))],
    [
      "beyond what a double holds",
      Array.from({ length: 80 }, (_, index) => (index % 9 === 0 ? Number.POSITIVE_INFINITY : index)),
    ],
    ["one spike of 1e300", Array.from({ length: 80 }, (_, index) => (index === 40 ? 1e300 : index % 5))],
  ])("gives ordered finite numbers for a series that is %s", (_, values) => {
    const path = auto(values, 500, { season: 1e9 }).predict(500);
    const order = ["lower95", "lower80", "mean", "upper80", "upper95"] as const;
    for (let step = 0; step < 500; step++) {
      const numbers = order.map((key) => path[key][step] as number);
      expect(numbers.every(Number.isFinite)).toBe(true);
      expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    }
  });

  it("forecasts from valid points with long gaps between them", () => {
    const sparse = Array.from({ length: 401 }, (_, index) => (index % 100 === 0 ? index : Number.NaN));
    const { lower80, upper80 } = auto(sparse, 5).predict(5);
    expect(upper80[0]).toBeGreaterThan(lower80[0] as number);
  });
});
