import { describe, expect, it } from "vitest";
import type { PredictedStep } from "../../src/core/model.ts";
import { CalibratedModel } from "../../src/forecast/calibrated-model.ts";
import { LeastWidth } from "../../src/forecast/least-width.ts";
import { boundsOfUnknown, naturalBounds } from "../../src/forecast/natural-bounds.ts";
import { Scaling } from "../../src/forecast/scaling.ts";

describe("LeastWidth", () => {
  it("gives a series that moves a small part of its mean step, growing with the square root", () => {
    const least = new LeastWidth(Float64Array.of(0, 4, Number.NaN, 0, 4));
    expect(least.at80(9)).toBeCloseTo(0.024, 9);
    expect(least.at95(9)).toBeCloseTo(0.048, 9);
  });

  it("gives a constant none", () => {
    const least = new LeastWidth(Float64Array.of(2, 2, 2));
    expect([least.at80(5), least.at95(5)]).toEqual([0, 0]);
  });

  it("notices that a constant moves", () => {
    const least = new LeastWidth(Float64Array.of(2, 2, 2));
    least.take(5);
    expect(least.at80(1)).toBeGreaterThan(0);
  });

  it("leaves the bounds of an interval that are further away", () => {
    const boundsWith = (leastWidth: LeastWidth): PredictedStep =>
      new CalibratedModel({
        method: "any",
        errorVersusNaive: 1,
        seasons: undefined,
        fitted: { update: () => {}, at: () => 1 },
        intervals: { at: () => ({ lower95: -9, lower80: -0.001, upper80: 5, upper95: 5 }) },
        scaling: new Scaling(0, 1),
        bounds: {},
        leastWidth,
      }).predictAt(1);
    const moving = boundsWith(new LeastWidth(Float64Array.of(0, 4, 0, 4)));
    expect(moving).toEqual({ mean: 1, lower95: -8, lower80: 0.992, upper80: 6, upper95: 6 });
    const still = boundsWith(new LeastWidth(Float64Array.of(2, 2)));
    expect(still).toEqual({ mean: 1, lower95: -8, lower80: 0.999, upper80: 6, upper95: 6 });
  });
});

describe("naturalBounds", () => {
  it("is 0 for what was never negative", () => {
    expect(naturalBounds({ upper: 1 }, [0.2, null, 0])).toEqual({ lower: 0, upper: 1 });
    expect(naturalBounds({}, [0.2, -0.1])).toEqual({});
    expect(naturalBounds({ lower: -5 }, [1])).toEqual({ lower: -5 });
  });

  it("does not concern methods that the user named", () => {
    expect(boundsOfUnknown("auto", [1, 2])).toEqual({ lower: 0 });
    expect(boundsOfUnknown("linear-trend", [1, 2])).toEqual({});
  });
});
