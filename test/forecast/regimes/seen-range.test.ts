import { describe, expect, it } from "vitest";
import { fitModel } from "../../../src/forecast/fit-model.ts";
import { SeenRange } from "../../../src/forecast/regimes/seen-range.ts";

describe("SeenRange", () => {
  it("keeps forecasts within twice the range around it, and bounds within five times", () => {
    const seen = new SeenRange();
    for (const value of [10, 12, Number.NaN, 11]) seen.take(value);
    expect([0, 8, 20].map((value) => seen.within(value))).toEqual([6, 8, 16]);
    expect(seen.boundsWithin({ lower: -9, upper: 99 })).toEqual({ lower: 0, upper: 22 });
  });
});

describe.each(["sawtooth", "damped-holt", "auto"])("%s after one fall in a ramp", (method) => {
  it("does not run away", () => {
    const ramp = Array.from({ length: 60 }, (_, index) => 144e6 + 4e6 * index + 1e5 * (index % 7));
    const values = [...ramp, 338e6, 341e6];
    const fit = fitModel({ values, stepSeconds: 2 }, { method, horizonSteps: 150 });
    if (fit.state !== "ready") throw new Error(fit.state);
    const { mean } = fit.model.predict(150);
    expect(Math.min(...mean)).toBeGreaterThan(200e6);
    expect(Math.max(...mean)).toBeLessThan(1.2e9);
  });
});
