import { describe, expect, it } from "vitest";
import { fitModel } from "../../../src/forecast/fit-model.ts";

/** The memory of a process that starts: a fast rise that levels off at 0.5. */
const startUp = (points: number): number[] =>
  Array.from({ length: points }, (_, step) => 0.5 - 0.15 * Math.exp(-step / 25));

describe("auto far beyond what was tested", () => {
  it("does not carry the first rise of a start on for an hour", () => {
    const result = fitModel(
      { values: startUp(17), stepSeconds: 10 },
      { method: "auto", horizonSteps: 360, bounds: { lower: 0 } },
    );
    if (result.state !== "ready") throw new Error(result.state);
    const { mean, lower80, upper80 } = result.model.predict(360);
    expect(mean[359]).toBeLessThan(0.6);
    expect(mean[359]).toBeGreaterThan(0.4);
    // Nor is it sure of it: the interval is many times that of one step.
    const width = (index: number): number => (upper80[index] as number) - (lower80[index] as number);
    expect(width(359)).toBeGreaterThan(10 * width(0));
  });
});
