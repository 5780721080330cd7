import { describe, expect, it } from "vitest";
import { dampedHolt } from "../../../src/forecast/methods/damped-holt.ts";
import { regression } from "../../../src/forecast/methods/regression.ts";
import { robustLinearTrend } from "../../../src/forecast/methods/robust-linear-trend.ts";
import { theilSen } from "../../../src/math/theil-sen.ts";

const stepSeconds = 7;

function noise(length: number): number[] {
  let state = 1;
  return Array.from({ length }, () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647 - 0.5;
  });
}

describe("regression", () => {
  it("is naive until a horizon has 24 points to learn from", () => {
    const values = noise(25);
    const one = regression.fit({ values: values.slice(1), stepSeconds }, {});
    expect(one.at(1)).toBe(values[24]);
    expect(regression.fit({ values, stepSeconds }, {}).at(1)).not.toBe(values[24]);
  });

  it("learns from the newest 2,000 points", () => {
    const values = [...Array(1000).fill(50), ...noise(2000)];
    const ofAll = regression.fit({ values, stepSeconds }, {});
    expect(ofAll.at(7)).toBe(regression.fit({ values: values.slice(1000), stepSeconds }, {}).at(7));
  });

  it("learns that a series swings back", () => {
    const values = noise(200).map((value, index) => (index % 2 === 0 ? 1 : -1) + 0.1 * value);
    const fitted = regression.fit({ values, stepSeconds }, {});
    expect(fitted.at(1)).toBeGreaterThan(0.6);
    expect(fitted.at(2)).toBeLessThan(-0.6);
  });
});

describe("robust-linear-trend", () => {
  it("draws its line through the medians of blocks, 32 at most", () => {
    const values = noise(33);
    const fitted = robustLinearTrend.fit({ values, stepSeconds }, { window: 33 });
    // 33 points do not fit into 32 blocks of one. They form pairs, and the oldest point is left
    // over.
    const pairs = Array.from({ length: 16 }, (_, pair): [number, number] => [
      2 * pair - 30.5,
      ((values[2 * pair + 1] as number) + (values[2 * pair + 2] as number)) / 2,
    ]);
    const { slope, intercept } = theilSen(pairs);
    expect(fitted.at(3)).toBeCloseTo(intercept + 3 * slope, 12);
  });
});

describe("damped-holt", () => {
  /** A series that ETS(A,Ad,N) generates from noise with these weights. */
  function made(alpha: number, beta: number, phi: number): number[] {
    let level = 0;
    let slope = 0;
    return noise(400).map((error) => {
      const value = level + phi * slope + error;
      level = level + phi * slope + alpha * error;
      slope = phi * slope + beta * error;
      return value;
    });
  }

  it.each([
    [0.5, 0.4, 0.98],
    [0.7, 0.28, 0.98],
    [0.6, 0.06, 0.9],
  ])("finds weights of a series that was made with alpha %d, beta %d and phi %d", (alpha, beta, phi) => {
    const values = made(alpha, beta, phi);
    const known = dampedHolt.fit({ values, stepSeconds }, { alpha, beta, phi });
    const found = dampedHolt.fit({ values, stepSeconds }, {});
    for (const steps of [1, 5, 20]) {
      expect(Math.abs(found.at(steps) - known.at(steps))).toBeLessThan(
        0.1 * (1 + Math.abs(known.at(steps) - (values.at(-1) as number))),
      );
    }
  });
});
