import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MethodParameters } from "../../../src/forecast/method.ts";
import { methodNamed, methods } from "../../../src/forecast/methods.ts";

const stepSeconds = 7;
/** Fixed parameters, so that the fits before and after the update have the same. */
const given: MethodParameters = { alpha: 0.3, beta: 0.05, phi: 0.9, window: 20 };

/** A wavy series with deterministic noise. */
function series(length: number): Float64Array {
  let state = 1;
  return Float64Array.from({ length }, (_, index) => {
    state = (state * 48271) % 2147483647;
    return Math.sin(index / 9) + state / 2147483647 - 0.5;
  });
}

describe("an update", () => {
  it.each([
    "naive",
    "moving-average",
    "moving-median",
    "exponential-smoothing",
    "damped-holt",
    "linear-trend",
    "robust-linear-trend",
  ])("of %s leaves it where a refit with the same parameters would", (name) => {
    const method = methodNamed(name) as NonNullable<ReturnType<typeof methodNamed>>;
    const gaps = fc.array(fc.boolean(), { minLength: 70, maxLength: 70 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 25, max: 60 }), (isGap, fittedTo) => {
        const values = series(70).map((value, index) => (index > 20 && isGap[index] ? Number.NaN : value));
        const updated = method.fit({ values: values.subarray(0, fittedTo), stepSeconds }, given);
        for (const value of values.subarray(fittedTo)) updated.update(value);
        const refitted = method.fit({ values, stepSeconds }, given);
        for (const steps of [1, 2, 10]) expect(updated.at(steps)).toBeCloseTo(refitted.at(steps), 9);
      }),
      { numRuns: 40 },
    );
  });

  it("of seasonal-naive replaces the oldest cycle, and a gap keeps the old value", () => {
    const method = methodNamed("seasonal-naive") as NonNullable<ReturnType<typeof methodNamed>>;
    const fitted = method.fit({ values: [1, 2, 3, 4, 5, 6], stepSeconds, season: 3 }, {});
    fitted.update(40);
    fitted.update(Number.NaN);
    expect([1, 2, 3, 4].map((steps) => fitted.at(steps))).toEqual([6, 40, 5, 6]);
  });

  it.each(["seasonal-smoothing", "theta", "regression"])(
    "of %s keeps what was fitted and forecasts nearly as a refit would",
    (name) => {
      const method = methodNamed(name) as NonNullable<ReturnType<typeof methodNamed>>;
      const day = (index: number): number => 3 * Math.sin((2 * Math.PI * index) / 24);
      const values = series(240).map((value, index) => day(index) + 0.2 * value);
      const hourly = { stepSeconds: 3600, season: 24 };
      const updated = method.fit({ values: values.subarray(0, 216), ...hourly }, {});
      for (const value of values.subarray(216)) updated.update(value);
      const refitted = method.fit({ values, ...hourly }, {});
      for (let steps = 1; steps <= 24; steps++) {
        // The season has an amplitude of 3. A tenth of it is the tolerance for a pattern that is a
        // day older.
        expect(Math.abs(updated.at(steps) - refitted.at(steps))).toBeLessThan(0.3);
        expect(Math.abs(updated.at(steps) - day(239 + steps))).toBeLessThan(1.2);
      }
    },
  );

  it("of any method with a gap longer than its memory gives a number", () => {
    for (const method of methods) {
      const fitted = method.fit({ values: series(60), stepSeconds, season: 6 }, {});
      for (let gap = 0; gap < 300; gap++) fitted.update(Number.NaN);
      expect(Number.isFinite(fitted.at(50)), method.name).toBe(true);
      for (let back = 0; back < 5; back++) fitted.update(1);
      expect(Number.isFinite(fitted.at(50)), method.name).toBe(true);
    }
  });
});
