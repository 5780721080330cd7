import { describe, expect, it } from "vitest";
import type { BacktestOptions } from "../../../src/commands/backtest/test-plan.ts";
import { planOf, type TestPlan } from "../../../src/commands/backtest/test-plan.ts";

const options: BacktestOptions = {
  horizons: [{ steps: 12 }, { steps: 60 }],
  origins: 3,
  methods: ["auto"],
  bounds: {},
};

function planned(length: number, more: Partial<BacktestOptions> = {}, stepSeconds = 300): TestPlan {
  const series = { id: "a", values: Float64Array.from({ length }, (_, index) => index), stepSeconds };
  const result = planOf(series, { ...options, ...more });
  if ("reason" in result) throw new Error(result.reason);
  return result.plan;
}

describe("the plan of a backtest", () => {
  it("spreads the origins over what can be forecast and compared", () => {
    expect(planned(500, { window: 100 }).origins).toEqual([100, 270, 440]);
    expect(planned(500, { window: 100, origins: 1 }).origins).toEqual([440]);
    expect(planned(162, { window: 100, origins: 10 }).origins).toEqual([100, 101, 102]);
  });

  it("takes horizons in steps and in time, each once and in order", () => {
    const horizons = [{ seconds: 3600 }, { steps: 3 }, { steps: 12 }, { seconds: 1 }];
    expect(planned(500, { horizons }).horizons).toEqual([1, 3, 12]);
  });

  it.each([
    [10, 360],
    [60, 1440],
    [300, 720],
    [900, 2880],
    [3600, 720],
  ])("lets models see at a step of %d s the %d points that a process keeps", (stepSeconds, kept) => {
    const plan = planned(10_000, {}, stepSeconds);
    expect(plan.window).toBe(kept);
  });

  it("lets models see half of a series that is shorter than twice that, and says so", () => {
    const plan = planned(400);
    expect(plan.window).toBe(200);
    expect(plan.notes).toEqual(["models saw 200 points, half of the data; a process keeps 720 at this step"]);
  });

  it("says when a window is too short for a daily season that the series could show", () => {
    expect(planned(1152, { window: 360 }).notes).toEqual([
      "a window of 360 points holds less than two days, so no daily season is seen; --window 576 would",
    ]);
    expect(planned(1152, { window: 576 }).notes).toEqual([]);
    expect(planned(1151, { window: 360 }).notes).toEqual([]);
  });

  it("leaves horizons out that the series is too short for, and says so", () => {
    const plan = planned(150, { window: 100 });
    expect(plan.horizons).toEqual([12]);
    expect(plan.notes).toEqual([
      "horizons of 60 steps were left out: with a window of 100 they need more than 150 steps",
    ]);
  });

  it("says which horizons a process takes from a coarser resolution", () => {
    expect(planned(2000, { window: 576, horizons: [{ steps: 361 }, { steps: 360 }] }).notes).toEqual([
      "a process forecasts horizons of more than 360 steps (here 361 of 300 s) from a coarser resolution",
    ]);
  });

  it("has the season of a process: a day where the window holds two, or what was asked for", () => {
    expect(planned(10_000, {}, 900).season).toBe(96);
    expect(planned(10_000, {}, 300).season).toBe(288);
    expect(planned(10_000, { window: 575 }, 300).season).toBeUndefined();
    expect(planned(10_000, { season: { seconds: 86_400 } }).season).toBe(288);
    expect(planned(10_000, { season: { steps: 7 } }).season).toBe(7);
  });

  it.each([
    [new Float64Array(50).fill(Number.NaN), {}, "all gaps: no value to forecast from"],
    [new Float64Array(0), {}, "all gaps: no value to forecast from"],
    [Float64Array.of(1, 2), {}, "2 steps are too few: expected at least 24"],
    [new Float64Array(100), { window: 100 }, "100 steps are too few: expected at least 112"],
  ])("cannot be made of too little", (values, more, reason) => {
    expect(planOf({ id: "a", values, stepSeconds: 60 }, { ...options, ...more })).toEqual({ reason });
  });
});
