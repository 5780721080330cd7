import { describe, expect, it } from "vitest";
import { fitModel } from "../../../src/forecast/fit-model.ts";
import { sawtooth } from "../../../src/forecast/methods/sawtooth.ts";

/** Rises by 2 a step from 20 and is reset every 40 steps: peaks of 98. */
const saw = (length: number): number[] => Array.from({ length }, (_, step) => 20 + 2 * (step % 40));
const modelOf = (values: number[]) => sawtooth.fit({ values, stepSeconds: 1 }, {});

describe("sawtooth", () => {
  it("continues a first ramp, because nothing shows where it ends", () => {
    expect(modelOf(saw(30)).at(10)).toBeCloseTo(98, 9);
  });

  it("follows the current ramp up to the usual peak", () => {
    const fitted = modelOf(saw(110)); // 30th step of the third tooth: at 78, 10 steps from the peak
    expect(fitted.at(5)).toBeCloseTo(88, 6);
    expect(fitted.at(10)).toBeCloseTo(98, 6);
  });

  it("expects the middle of a tooth beyond the peak", () => {
    expect(modelOf(saw(110)).at(15)).toBeCloseTo((98 + 20) / 2, 6);
  });

  it("mirrors a series that is mirrored", () => {
    const up = modelOf(saw(110));
    const down = modelOf(saw(110).map((value) => -value));
    for (const steps of [1, 5, 10, 30]) expect(down.at(steps)).toBeCloseTo(-up.at(steps), 9);
  });

  it("stays at the last value without a ramp", () => {
    const noise = [3, 5, 2, 6, 4, 5, 3, 6, 2, 5, 4, 3];
    expect(modelOf(noise).at(7)).toBe(3);
  });

  it("steps over gaps", () => {
    const values = saw(110);
    values[50] = Number.NaN;
    values[105] = Number.NaN;
    expect(modelOf(values).at(5)).toBeCloseTo(88, 6);
  });

  it("has weight in auto after a reset: the new leak will continue", () => {
    const result = fitModel({ values: saw(110), stepSeconds: 1 }, { method: "auto", horizonSteps: 20 });
    if (result.state !== "ready") throw new Error(result.state);
    expect(result.model.predict(8).mean[7]).toBeCloseTo(94, 0);
  });
});
