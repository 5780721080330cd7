import { linearRegression } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { RegimePoints } from "../../../src/forecast/regimes/regime-points.ts";

const points = [3, 5, 4, 8, 9, 11].map((value, index): [number, number] => [10 + index, value]);
const regime = (): RegimePoints => {
  const [[time, value] = [0, 0], ...others] = points;
  const made = new RegimePoints().begin(time, value);
  for (const [at, next] of others) made.add(at, next);
  return made;
};

describe("RegimePoints", () => {
  it("has the least squares line of its points", () => {
    const { m, b } = linearRegression(points);
    expect(regime().slope).toBeCloseTo(m, 12);
    expect(regime().valueAt(20, m)).toBeCloseTo(m * 20 + b, 10);
  });

  it("has the standard error of the slope that R states, without an expected noise", () => {
    // R 4.2.2: summary(lm(y ~ x)) of x = 10:15, y = c(3, 5, 4, 8, 9, 11): slope 1.6, standard error
    // 0.2544836041, sum of squared residuals 4.5333333333 with 4 degrees of freedom. Here the expected
    // noise, which is 0, counts as two more points.
    expect(regime().noise(0)).toBeCloseTo(4.533_333_333_3 / 6, 9);
    expect(regime().slopeError(regime().noise(0))).toBeCloseTo(0.254_483_604_1 * Math.sqrt(4 / 6), 7);
  });

  it("expects the noise that it is told while it has none of its own", () => {
    const made = new RegimePoints().begin(0, 1);
    expect(made.noise(4)).toBe(4);
    made.add(1, 9);
    expect(made.noise(4)).toBe(4);
  });

  it("is surer of a value in its middle than far away", () => {
    const made = regime();
    expect(made.predictionError(12.5, true)).toBeCloseTo(Math.sqrt(1 + 1 / 6), 12);
    expect(made.predictionError(30, true)).toBeGreaterThan(4);
    expect(made.predictionError(30, false)).toBeCloseTo(Math.sqrt(1 + 1 / 6), 12);
  });
});
