import { describe, expect, it } from "vitest";
import { scorePath, stepScale } from "../../../../src/commands/backtest/scores/score-path.ts";
import type { PredictedPath } from "../../../../src/core/model.ts";

function path(mean: number[], margin80: number, margin95: number): PredictedPath {
  const shifted = (by: number): Float64Array => Float64Array.from(mean, (value) => value + by);
  return {
    mean: Float64Array.from(mean),
    lower80: shifted(-margin80),
    upper80: shifted(margin80),
    lower95: shifted(-margin95),
    upper95: shifted(margin95),
  };
}

describe("the scale of an error", () => {
  it("is the mean absolute difference of neighbours, gaps left out", () => {
    expect(stepScale(Float64Array.of(1, 3, Number.NaN, 9, 8))).toBe(1.5);
  });

  it("is undefined for a constant, one value or none", () => {
    for (const past of [[5, 5, 5], [1e12, 1e12 + 1e-4, 1e12], [1], [], [Number.NaN, 1, Number.NaN]]) {
      expect(stepScale(Float64Array.from(past)), String(past)).toBeUndefined();
    }
  });

  it("counts from a billionth of the largest number on", () => {
    expect(stepScale(Float64Array.of(1e9, 1e9 + 2))).toBe(2);
    expect(stepScale(Float64Array.of(-1e9, -1e9 + 0.5))).toBeUndefined();
  });

  it("is finite for the largest numbers", () => {
    expect(stepScale(Float64Array.of(Number.MAX_VALUE, -Number.MAX_VALUE))).toBe(Number.MAX_VALUE);
  });
});

describe("the scores of a forecast", () => {
  it("agree with a calculation by hand", () => {
    // Errors 1 and 4 in units of 2; sMAPE 200 * 1/21 and 200 * 4/24; pinball losses of 9/11 +- 2
    // and of 10/14 +- 2.
    const score = scorePath(path([10, 10], 2, 3), Float64Array.of(11, 14), 2, 2);
    expect(score?.mase).toBeCloseTo((1 + 4) / 2 / 2, 12);
    expect(score?.smape).toBeCloseTo((200 / 21 + 800 / 24) / 2, 12);
    const losses = [0.1 * 3 + 0.5 * 1 + 0.1 * 1, 0.1 * 6 + 0.5 * 4 + 0.9 * 2];
    expect(score?.quantileLoss).toBeCloseTo(
      ((2 / 3) * ((losses[0] as number) + (losses[1] as number))) / 2 / 2,
      12,
    );
    expect(score?.coverage80).toBe(0.5);
    expect(score?.coverage95).toBe(0.5);
  });

  it("count only the steps of the horizon, and no gaps", () => {
    const actual = Float64Array.of(10, Number.NaN, 500);
    expect(scorePath(path([10, 10, 10], 1, 2), actual, 2, 1)).toMatchObject({ mase: 0, coverage80: 1 });
    expect(scorePath(path([10], 1, 2), Float64Array.of(Number.NaN), 1, 1)).toBeUndefined();
  });

  it("lack MASE and quantile loss when the past is constant", () => {
    expect(scorePath(path([0], 0, 0), Float64Array.of(0), 1, undefined)).toEqual({
      mase: undefined,
      quantileLoss: undefined,
      smape: 0,
      coverage80: 1,
      coverage95: 1,
    });
  });

  it("are finite for the largest numbers", () => {
    const largest = Number.MAX_VALUE;
    const score = scorePath(path([largest], 0, 0), Float64Array.of(-largest), 1, 1e-300);
    expect(Object.values(score ?? {}).every(Number.isFinite)).toBe(true);
    expect(score?.smape).toBe(200);
  });
});
