import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { History } from "../../src/core/history.ts";
import type { PredictedPath } from "../../src/core/model.ts";
import { fitModel } from "../../src/forecast/fit-model.ts";
import { type FitOptions, isMethodName, methodNames } from "../../src/forecast/fit-options.ts";
import type { ForecastModel } from "../../src/forecast/forecast-model.ts";

function historyOf(values: readonly number[], season?: number): History {
  return { values, stepSeconds: 10, ...(season !== undefined && { season }) };
}

function modelOf(values: readonly number[], options: Partial<FitOptions> = {}): ForecastModel {
  const result = fitModel(historyOf(values), { method: "auto", horizonSteps: 12, ...options });
  if (result.state !== "ready") throw new Error(JSON.stringify(result));
  return result.model;
}

function isSound(path: PredictedPath, bounds: { lower: number; upper: number }): boolean {
  return path.mean.every((mean, index) => {
    const at = (key: keyof PredictedPath): number => path[key][index] as number;
    const ordered =
      at("lower95") <= at("lower80") &&
      at("lower80") <= mean &&
      mean <= at("upper80") &&
      at("upper80") <= at("upper95");
    return ordered && at("lower95") >= bounds.lower && at("upper95") <= bounds.upper;
  });
}

const ramp = Array.from({ length: 60 }, (_, index) => 5 + 3 * index);
const everything = { lower: -Number.MAX_VALUE, upper: Number.MAX_VALUE };
const anyNumber = fc.oneof(
  fc.double({ noDefaultInfinity: true }),
  fc.constantFrom(0, 1, -1, 1e300, -1e300, 5e-324, Number.NaN),
  fc.integer({ min: 0, max: 100 }),
);

describe("fitModel", () => {
  it("accepts its methods by name", () => {
    expect(methodNames).toEqual(
      expect.arrayContaining(["auto", "naive", "moving-average", "exponential-smoothing", "linear-trend"]),
    );
    expect(isMethodName("linear-trend")).toBe(true);
    expect(isMethodName("toString")).toBe(false);
  });

  it.each(methodNames)(
    "%s is warming up until it has points enough, and says how many are missing",
    (method) => {
      expect(fitModel(historyOf([]), { method, horizonSteps: 3 })).toEqual({
        state: "warming-up",
        missingPoints: 5,
      });
      const gaps = fitModel(historyOf([1, Number.NaN, 2, Number.NaN, 3]), { method, horizonSteps: 3 });
      expect(gaps).toEqual({ state: "warming-up", missingPoints: 2 });
      expect(fitModel(historyOf([1, 2, 4, 3, 5]), { method, horizonSteps: 3 }).state).toBe("ready");
    },
  );

  it.each([
    [{ method: "magic" }, /unknown method "magic": expected one of auto, learned, naive/],
    [{ horizonSteps: 0 }, /horizonSteps is 0/],
    [{ horizonSteps: 1.5 }, /horizonSteps is 1.5/],
    [{ parameters: { alpha: 0 } }, /alpha is 0: expected a number above 0 and at most 1/],
    [{ parameters: { alpha: 1.01 } }, /alpha is 1.01/],
    [{ parameters: { alpha: Number.NaN } }, /alpha is NaN/],
    [{ parameters: { beta: -0.01 } }, /beta is -0.01: expected a number from 0 to 1/],
    [{ parameters: { beta: 7 } }, /beta is 7/],
    [{ parameters: { beta: Number.NaN } }, /beta is NaN/],
    [{ parameters: { phi: 0 } }, /phi is 0: expected a number above 0 and at most 1/],
    [{ parameters: { phi: 1.01 } }, /phi is 1.01/],
    [{ parameters: { phi: Number.NaN } }, /phi is NaN/],
    [{ parameters: { window: 2.5 } }, /window is 2.5: expected a whole number from 1 to 100000/],
    [{ parameters: { window: 100_001 } }, /window is 100001/],
    [{ parameters: { window: 0 } }, /window is 0/],
    [{ parameters: { window: 1e9 } }, /window is 1000000000/],
  ])("fails with a reason for %j", (options, reason) => {
    const result = fitModel(historyOf(ramp), { method: "auto", horizonSteps: 3, ...options });
    expect(result).toEqual({ state: "failed", reason: expect.stringMatching(reason) });
  });

  it("uses the newest 25,000 points", () => {
    const old = Array(5000).fill(1e6);
    const recent = Array.from({ length: 25_000 }, (_, index) => index % 11);
    const ofAll = modelOf([...old, ...recent], { method: "linear-trend" }).predict(3);
    expect(ofAll).toEqual(modelOf(recent, { method: "linear-trend" }).predict(3));
  });

  it.each([
    ["exponential-smoothing", { alpha: 1 }],
    ["linear-trend", { alpha: 0.5, beta: 0 }],
    ["linear-trend", { alpha: 0.5, beta: 1 }],
    ["linear-trend", { alpha: 1e-9, beta: 0.5, phi: 1 }],
  ])("accepts for %s the parameters %o, at the ends of their ranges", (method, parameters) => {
    expect(fitModel(historyOf(ramp), { method, horizonSteps: 3, parameters }).state).toBe("ready");
  });

  it("accepts a window of up to 100,000 steps", () => {
    const withWindow = (window: number) =>
      fitModel(historyOf(ramp), { method: "moving-average", horizonSteps: 3, parameters: { window } }).state;
    expect([withWindow(1), withWindow(100_000), withWindow(100_001)]).toEqual(["ready", "ready", "failed"]);
  });

  it("continues a straight line exactly with linear-trend", () => {
    const { mean } = modelOf(ramp, { method: "linear-trend" }).predict(60);
    expect(mean[0]).toBeCloseTo(185, 9);
    expect(mean[59]).toBeCloseTo(362, 9);
  });

  it("uses the alpha that is given", () => {
    const model = modelOf([10, 20, 10, 20, 10], {
      method: "exponential-smoothing",
      parameters: { alpha: 0.5 },
    });
    // By hand from level 10: 15, 12.5, 16.25, 13.125.
    expect(model.predict(2).mean).toEqual(Float64Array.of(13.125, 13.125));
  });

  it("uses the window that is given", () => {
    const model = modelOf([100, 1, 2, 3, 4, 6], { method: "moving-average", parameters: { window: 3 } });
    expect(model.predict(1).mean[0]).toBeCloseTo(13 / 3, 12);
  });

  it.each(methodNames)("%s gives a constant for a constant, with an interval of no width", (method) => {
    const path = modelOf(Array(40).fill(0.1), { method }).predict(30);
    for (const key of ["mean", "lower80", "upper80", "lower95", "upper95"] as const) {
      expect(path[key]).toEqual(new Float64Array(30).fill(0.1));
    }
  });

  it("reports the error relative to naive", () => {
    expect(modelOf(ramp, { method: "naive" }).errorVersusNaive).toBe(1);
    expect(modelOf(ramp, { method: "linear-trend" }).errorVersusNaive).toBeLessThan(0.001);
  });

  it("gives finite numbers for any numbers, after updates too", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...methodNames),
        fc.array(anyNumber, { minLength: 5, maxLength: 60 }),
        fc.array(anyNumber, { maxLength: 70 }),
        fc.integer({ min: 1, max: 40 }),
        (method, values, later, horizonSteps) => {
          const result = fitModel(historyOf(values), { method, horizonSteps });
          const known = values.filter((value) => Number.isFinite(value)).length;
          if (result.state !== "ready") {
            expect(result).toEqual({ state: "warming-up", missingPoints: 5 - known });
            return;
          }
          expect(known).toBeGreaterThanOrEqual(5);
          for (const value of later) result.model.update(value);
          expect(isSound(result.model.predict(horizonSteps + 5), everything)).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("keeps every number inside the bounds", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...methodNames),
        fc.array(fc.double({ min: -0.5, max: 1.5, noNaN: true }), { minLength: 5, maxLength: 40 }),
        (method, values) => {
          const bounds = { lower: 0, upper: 1 };
          expect(isSound(modelOf(values, { method, bounds }).predict(20), bounds)).toBe(true);
        },
      ),
    );
  });

  it.each(methodNames)("%s follows a shift and a change of scale", (method) => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 8, maxLength: 60 }), (values) => {
        const plain = modelOf(values, { method }).predict(6);
        const moved = modelOf(
          values.map((value) => 1000 + 8 * value),
          { method },
        ).predict(6);
        for (const key of ["mean", "lower80", "upper95"] as const) {
          plain[key].forEach((value, index) => {
            expect(moved[key][index]).toBeCloseTo(1000 + 8 * value, 6);
          });
        }
      }),
      { numRuns: 40 },
    );
  });
});
