import { describe, expect, it } from "vitest";
import { leastSquares } from "../../src/math/least-squares.ts";

describe("least squares", () => {
  it("is the regression of R on a line, with its covariance", () => {
    // R 4: fit <- lm(dist ~ speed, cars[1:8, ]); coef(fit); vcov(fit)
    const speed = [4, 4, 7, 7, 8, 9, 10, 10];
    const distance = [2, 10, 4, 22, 16, 10, 18, 26];
    const { parameters, covariance, sumOfSquares } = leastSquares(
      ([a = 0, b = 0]) =>
        speed.map((x, i) => ({ value: a + b * x - (distance[i] as number), slopes: [1, x] })),
      [0, 0],
    );
    expect(parameters[0]).toBeCloseTo(-3.423197492, 7);
    expect(parameters[1]).toBeCloseTo(2.294670846, 8);
    expect(sumOfSquares).toBeCloseTo(292.0376176, 6);
    expect(covariance[0]?.[0]).toBeCloseTo(72.475375308, 6);
    expect(covariance[0]?.[1]).toBeCloseTo(-9.002204512, 7);
    expect(covariance[1]?.[0]).toBeCloseTo(-9.002204512, 7);
    expect(covariance[1]?.[1]).toBeCloseTo(1.2206379, 7);
  });

  /** The number of times that a fit asks for the residuals. */
  function callsOf(residual: (x: number) => { value: number; slope: number }): number {
    let calls = 0;
    leastSquares(
      ([x = 0]) => {
        calls += 1;
        const { value, slope } = residual(x);
        return [1, 2].map(() => ({ value, slopes: [slope] }));
      },
      [1],
    );
    return calls;
  }

  it("gives up where no step leads downhill, however short", () => {
    // The slope has the wrong sign: every step leads uphill. The damping rises from 1e-3 to 1e12.
    expect(callsOf((x) => ({ value: x, slope: -1 }))).toBe(1 + 15);
  });

  it("ends after 100 steps where each leads downhill and none settles", () => {
    // Each step adds about 1, and the residual never reaches 0.
    expect(callsOf((x) => ({ value: Math.exp(-x), slope: -Math.exp(-x) }))).toBe(1 + 100);
  });

  it("ends as soon as it has settled", () => {
    expect(callsOf((x) => ({ value: x - 3, slope: 1 }))).toBeLessThan(20);
  });
});
