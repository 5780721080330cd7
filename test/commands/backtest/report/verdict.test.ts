import { describe, expect, it } from "vitest";
import { verdictsOn } from "../../../../src/commands/backtest/report/verdict.ts";
import type { BacktestReport } from "../../../../src/commands/backtest/run-backtest.ts";
import type { HorizonScore, MethodScore } from "../../../../src/commands/backtest/scores/method-scores.ts";

/* Probabilities are those of t.test, and of dm.test with h = 3, in R 4.2.2. */
const noise = [0.01, -0.02, 0.03, -0.01, 0.02, -0.03, 0.01, -0.01, 0.02, -0.02];

function score(
  method: string,
  versusNaive: number | undefined,
  more: Partial<HorizonScore> = {},
): MethodScore {
  const horizon: HorizonScore = {
    steps: 12,
    mase: versusNaive,
    versusNaive,
    smape: 1,
    quantileLoss: 1,
    coverage80: 0.8,
    coverage95: 0.95,
    differences: noise.map((it) => it + (versusNaive ?? 1) - 1),
    overlap: 1,
    ...more,
  };
  return { method, horizons: [horizon], millis: 1, forecasts: 10, failures: 0 };
}

const naive = score("naive", 1, { differences: noise.map(() => 0) });
const chanceful = { differences: noise.map((it) => it * 30 - 0.09) };

function verdict(...overall: MethodScore[]): string[] {
  const report: BacktestReport = { series: [], untested: [], notes: [], overall };
  return verdictsOn(report).map(({ text }) => text);
}

describe("a verdict", () => {
  it("names the best method, its gain, and that this is more than chance", () => {
    expect(verdict(score("theta", 0.91), naive)).toEqual([
      "At 12 steps theta had 9 % less error than no change: over 10 origins that is more than chance (p < 0.001).",
    ]);
  });

  it("says that a difference may be chance", () => {
    expect(verdict(score("theta", 0.91, chanceful), naive)).toEqual([
      "At 12 steps theta had 9 % less error than no change: over 10 origins that may be chance (p = 0.66).",
    ]);
  });

  it("multiplies the probability by the number of methods, of which the best was taken", () => {
    const differences = noise.map((it) => it * 10 - 0.17);
    expect(verdict(score("theta", 0.83, { differences }), naive)[0]).toMatch(
      /more than chance \(p = 0.028\)/,
    );
    expect(verdict(score("theta", 0.83, { differences }), score("other", 1.2), naive)).toEqual([
      "At 12 steps theta was best, with 17 % less error than no change: over 10 origins that may be chance (p = 0.056 for the best of 2 methods).",
    ]);
  });

  it("names auto where it is as good as the best, and adds it where it is not", () => {
    expect(verdict(score("theta", 0.908), score("auto", 0.911), naive)).toEqual([
      "At 12 steps auto was best, with 9 % less error than no change: over 10 origins that is more than chance (p < 0.001).",
    ]);
    expect(verdict(score("theta", 0.8), score("auto", 1.05), naive)).toEqual([
      "At 12 steps theta was best, with 20 % less error than no change: over 10 origins that is more than chance (p < 0.001 for the best of 2 methods). auto had 5 % more error than no change: over 10 origins that is more than chance (p < 0.001).",
    ]);
  });

  it("says when nothing is better, or nothing was compared", () => {
    expect(verdict(score("theta", 1.2), score("auto", 0.998), naive)).toEqual([
      "At 12 steps no method was better than no change.",
    ]);
    expect(verdict(score("auto", 1.05, chanceful), naive)).toEqual([
      "At 12 steps no method was better than no change. auto had 5 % more error than no change: over 10 origins that may be chance (p = 0.66).",
    ]);
    expect(verdict(naive)).toEqual(["At 12 steps only no change (naive) was tested."]);
    expect(verdict(score("theta", undefined), score("naive", undefined))).toEqual([
      "At 12 steps no method can be compared with no change, because errors have no unit.",
    ]);
  });

  it("says when the origins cannot show it", () => {
    const few = { differences: [-0.1, -0.2, -0.1] };
    expect(verdict(score("theta", 0.9, few), naive)[0]).toMatch(
      /: 3 origins are too few to show whether that is chance\.$/,
    );
    expect(verdict(score("theta", 0.9, { differences: [-0.1] }), naive)[0]).toMatch(/: 1 origin is too few/);
    expect(verdict(score("theta", 0.9, { overlap: 6 }), naive)[0]).toMatch(
      /: that may be chance, because the forecasts of 6 of the 10 origins overlap\.$/,
    );
  });

  it("allows for forecasts that overlap", () => {
    const differences = [-0.3, -0.3, -0.2, -0.1, 0.05, 0.1, 0.05, -0.05, -0.1, -0.2];
    const probability = (overlap: number): number | undefined =>
      verdictsOn({
        series: [],
        untested: [],
        notes: [],
        overall: [score("theta", 0.9, { differences, overlap }), naive],
      })[0]?.probability;
    expect(probability(1)).toBeCloseTo(0.046848, 5);
    expect(probability(3)).toBeCloseTo(0.3015919, 6);
  });
});
