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
  );
  return score.horizons[0]?.versusNaive;
}

describe("the score of a method", () => {
  it("is the mean over its origins, over that of naive, with a hundredth added to both", () => {
    expect(versusNaive([0.5, 1.5], [2, 4])).toBeCloseTo(1.01 / 3.01, 12);
    expect(versusNaive([0], [0])).toBe(1);
  });

  it("has limits, and none where errors have no unit", () => {
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
    const score = scoreMethod("x", [12], results, results);
    expect(score).toMatchObject({ forecasts: 3, failures: 1, millis: 5 });
    expect(score.horizons).toEqual([
      { steps: 12, mase: 2, versusNaive: 1, smape: 10, quantileLoss: 2, coverage80: 0.75, coverage95: 1 },
    ]);
    expect(scoreMethod("x", [12], [{ state: "warming-up" }], []).horizons[0]?.mase).toBeUndefined();
  });

  it("over several series counts a horizon where it was tested", () => {
    const one = scoreMethod("x", [12], [scored(1)], [scored(2)]);
    const other = { ...scoreMethod("x", [12], [scored(4)], [scored(2)]), millis: 3 };
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
});
