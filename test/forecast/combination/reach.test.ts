import { describe, expect, it } from "vitest";
import { fitModel } from "../../../src/forecast/fit-model.ts";

/** The memory of a starting process: a fast rise that flattens at 0.5. */
const startUp = (points: number): number[] =>
  Array.from({ length: points }, (_, step) => 0.5 - 0.15 * Math.exp(-step / 25));

describe("auto far beyond what was tested", () => {
  it("does not continue the first rise after a start for an hour", () => {
    const result = fitModel(
      { values: startUp(17), stepSeconds: 10 },
      { method: "auto", horizonSteps: 360, bounds: { lower: 0 } },
    );
    if (result.state !== "ready") throw new Error(result.state);
    const { mean, lower80, upper80 } = result.model.predict(360);
    expect(mean[359]).toBeLessThan(0.6);
    expect(mean[359]).toBeGreaterThan(0.4);
    // The interval is many times that of one step.
    const width = (index: number): number => (upper80[index] as number) - (lower80[index] as number);
    expect(width(359)).toBeGreaterThan(10 * width(0));
  });

  it("covers a young trend by its interval, and follows a part of it", () => {
    const rise = (step: number): number => 5 + 0.3 * step;
    const values = Array.from({ length: 45 }, (_, step) => rise(step));
    for (const sign of [1, -1]) {
      const signed = values.map((value) => sign * value);
      const result = fitModel({ values: signed, stepSeconds: 1 }, { method: "auto", horizonSteps: 300 });
      if (result.state !== "ready") throw new Error(result.state);
      const { mean, lower80, upper80 } = result.model.predict(300);
      const far = rise(44 + 300);
      expect(sign * (mean[299] as number)).toBeGreaterThan(rise(44));
      expect(sign * (mean[299] as number)).toBeLessThan(0.5 * far);
      const [outer = 0, inner = 0] = sign > 0 ? [upper80[299], lower80[299]] : [lower80[299], upper80[299]];
      expect((sign * outer) / far).toBeCloseTo(1, 2);
      expect(Math.abs(inner - (mean[299] as number))).toBeLessThan(0.01 * far);
    }
  });
});
