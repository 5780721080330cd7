import { describe, expect, it } from "vitest";
import {
  type OriginResult,
  scoreMethod,
  scoreOverall,
} from "../../../../src/commands/backtest/scores/method-scores.ts";

const none = new Float64Array(0);
const path = { mean: none, lower80: none, upper80: none, lower95: none, upper95: none };

function scored(mase: number | undefined, millis = 1): OriginResult {
  const score = { mase, smape: 10, quantileLoss: mase, coverage80: 0.75, coverage95: 1 };
  return { state: "scored", path, chosen: "x", millis, scores: [score] };
}

function versusNaive(
  own: readonly (number | undefined)[],
  naive: readonly (number | undefined)[],
): number | undefined {
  const score = scoreMethod(
    "x",
    [12],
    own.map((it) => scored(it)),
    naive.map((it) => scored(it)),
    12,
  );
  return score.horizons[0]?.versusNaive;
}

describe("the score of a method", () => {
  it("is the mean over its origins, over that of naive, with a hundredth added to both", () => {
    expect(versusNaive([0.5, 1.5], [2, 4])).toBeCloseTo(1.01 / 3.01, 12);
    expect(versusNaive([0], [0])).toBe(1);
  });

  it("is limited, and undefined when errors have no unit", () => {
    expect(versusNaive([1e9], [0])).toBe(100);
    expect(versusNaive([0], [1e9])).toBe(0.01);
    expect(versusNaive([undefined], [undefined])).toBeUndefined();
  });

  it("leaves out origins without a forecast, counts what failed, and takes the median time", () => {
    const results: OriginResult[] = [
      scored(1, 5),
      scored(3, 1),
      scored(2, 100),
      { state: "warming-up" },
      { state: "failed", reason: "no" },
    ];
    const score = scoreMethod("x", [12], results, results, 5);
    expect(score).toMatchObject({ forecasts: 3, failures: 1, millis: 5 });
    expect(score.horizons).toEqual([
      {
        steps: 12,
        mase: 2,
        versusNaive: 1,
        smape: 10,
        quantileLoss: 2,
        coverage80: 0.75,
        coverage95: 1,
        differences: [0, 0, 0],
        overlap: 3,
      },
    ]);
    expect(scoreMethod("x", [12], [{ state: "warming-up" }], [], 12).horizons[0]?.mase).toBeUndefined();
  });

  it("includes a series at the horizons that it was tested at", () => {
    const one = scoreMethod("x", [12], [scored(1)], [scored(2)], 12);
    const other = { ...scoreMethod("x", [12], [scored(4)], [scored(2)], 12), millis: 3 };
    const longer = {
      ...other,
      horizons: [...other.horizons, { ...(one.horizons[0] as (typeof one.horizons)[0]), steps: 60 }],
    };
    const overall = scoreOverall([one, longer]);
    expect(overall).toMatchObject({ method: "x", forecasts: 2, failures: 0, millis: 2 });
    expect(overall.horizons.map(({ steps, mase }) => [steps, mase])).toEqual([
      [12, 2.5],
      [60, 1],
    ]);
    expect(overall.horizons[0]?.versusNaive).toBeCloseTo(Math.sqrt((1.01 / 2.01) * (4.01 / 2.01)), 12);
  });

  it("has the differences from naive at each origin with both, relative to naive", () => {
    const own = [scored(1), scored(undefined), scored(4), scored(3)];
    const naive = [scored(2), scored(2), { state: "warming-up" } as const, scored(4)];
    const { horizons } = scoreMethod("x", [12], own, naive, 20);
    expect(horizons[0]?.differences).toEqual([-1 / (8 / 3 + 0.01), -1 / (8 / 3 + 0.01)]);
    expect(horizons[0]?.overlap).toBe(1);
  });

  it("over several series has the mean difference of each origin, counted from the last", () => {
    const score = (spacing: number, ...errors: number[]) =>
      scoreMethod(
        "x",
        [12],
        errors.map((error) => scored(error)),
        errors.map(() => scored(0.99)),
        spacing,
      );
    const { horizons } = scoreOverall([score(12, 0.99, 1.99, 2.99), score(4, 2.99, 0.99)]);
    expect(horizons[0]?.differences.map((it) => Number(it.toFixed(9)))).toEqual([0, 1.5, 1]);
    expect(horizons[0]?.overlap).toBe(3);
  });
});
