import { describe, expect, it } from "vitest";
import { fitModel } from "../../../src/forecast/fit-model.ts";
import { SustainedMove } from "../../../src/forecast/regimes/sustained-move.ts";

const moveOf = (levelBefore: number, values: readonly number[]): SustainedMove => {
  const [first = Number.NaN, ...others] = values;
  const move = new SustainedMove().begin(levelBefore, { time: 100, value: first, deviation: 9 });
  for (const [index, value] of others.entries()) move.take(101 + index, value);
  return move;
};

describe("SustainedMove", () => {
  it("has the least squares line of its points", () => {
    const line = moveOf(0, [6, 3, 19, 18, 18, 18, 35, 28]).lineBeside(0);
    // Python: statistics.linear_regression(range(8), [6, 3, 19, 18, 18, 18, 35, 28])
    expect(line?.slope).toBeCloseTo(3.70238, 4);
    expect(line?.level).toBeCloseTo(31.08333, 4);
    expect(line?.points).toBe(8);
  });

  it.each([
    { says: "of two points", values: [5, 10] },
    { says: "that stays", values: [50, 52, 49, 51, 50, 50] },
    { says: "that turned back", values: [5, 10, 15, 20, 25, 8] },
    { says: "towards the former level", values: [50, 45, 40, 35, 30] },
  ])("is nothing for a series $says", ({ values }) => {
    expect(moveOf(0, values).lineBeside(0.5)).toBeUndefined();
  });

  it("is strong from five points and four standard errors on", () => {
    expect(moveOf(0, [5, 10, 15, 20]).lineBeside(0)?.isStrong).toBe(false);
    expect(moveOf(0, [5, 10, 15, 20, 25]).lineBeside(0)?.isStrong).toBe(true);
    expect(moveOf(0, [5, 9, 6, 13, 12]).lineBeside(0)?.isStrong).toBe(false);
  });

  it("goes down as it goes up", () => {
    const up = moveOf(100, [105, 110, 116, 120, 126]).lineBeside(1);
    const down = moveOf(100, [95, 90, 84, 80, 74]).lineBeside(1);
    expect(down?.slope).toBeCloseTo(-(up?.slope ?? Number.NaN), 9);
    expect(down?.error).toBeCloseTo(up?.error ?? Number.NaN, 9);
  });
});

describe("a queue that begins to grow", () => {
  const idle = Array.from({ length: 60 }, (_, index) => [0, 0, 1, 0, 2, 1][index % 6] as number);
  const growing = [5, 6, 16, 20, 32, 32, 42, 38, 47, 54];
  const result = fitModel(
    { values: [...idle, ...growing], stepSeconds: 10 },
    { method: "auto", bounds: { lower: 0 }, horizonSteps: 60 },
  );
  const predicted = result.state === "ready" ? result.model.predict(60) : undefined;

  it("is forecast to grow", () => {
    const ahead = predicted?.mean[19] ?? Number.NaN;
    expect(ahead).toBeGreaterThan(100);
    expect(ahead).toBeLessThan(250);
  });

  it("may go on to grow for long, or end", () => {
    expect(predicted?.upper80[59]).toBeGreaterThan(54 + 60 * 5);
    expect(predicted?.lower80[59]).toBeLessThan(60);
  });
});
