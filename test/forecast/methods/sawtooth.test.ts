import { describe, expect, it } from "vitest";
import { fitModel } from "../../../src/forecast/fit-model.ts";
import { sawtooth } from "../../../src/forecast/methods/sawtooth.ts";

/** Fills by 2 a step from 20 and is emptied every 40 steps: peaks of 98. */
const saw = (length: number): number[] => Array.from({ length }, (_, step) => 20 + 2 * (step % 40));
const modelOf = (values: number[]) => sawtooth.fit({ values, stepSeconds: 1 }, {});

describe("sawtooth", () => {
  it("follows a first ramp on, as there is nothing yet that says where it ends", () => {
    expect(modelOf(saw(30)).at(10)).toBeCloseTo(98, 9);
  });

  it("follows the current ramp up to where ramps have ended", () => {
    const fitted = modelOf(saw(110)); // 30th step of the third tooth: at 78, 10 steps from the peak
    expect(fitted.at(5)).toBeCloseTo(88, 6);
    expect(fitted.at(10)).toBeCloseTo(98, 6);
  });

  it("expects the middle of a tooth beyond the peak", () => {
    expect(modelOf(saw(110)).at(15)).toBeCloseTo((98 + 20) / 2, 6);
  });

  it("is turned upside down by a series that is", () => {
    const up = modelOf(saw(110));
    const down = modelOf(saw(110).map((value) => -value));
    for (const steps of [1, 5, 10, 30]) expect(down.at(steps)).toBeCloseTo(-up.at(steps), 9);
  });

  it("keeps to the last value where there is no ramp", () => {
    const noise = [3, 5, 2, 6, 4, 5, 3, 6, 2, 5, 4, 3];
    expect(modelOf(noise).at(7)).toBe(3);
  });

  it("steps over gaps", () => {
    const values = saw(110);
    values[50] = Number.NaN;
    values[105] = Number.NaN;
    expect(modelOf(values).at(5)).toBeCloseTo(88, 6);
  });

  it("has its say in auto once a reset was seen: the leak that began anew will go on", () => {
    const result = fitModel({ values: saw(110), stepSeconds: 1 }, { method: "auto", horizonSteps: 20 });
    if (result.state !== "ready") throw new Error(result.state);
    expect(result.model.predict(8).mean[7]).toBeCloseTo(94, 0);
  });
});
