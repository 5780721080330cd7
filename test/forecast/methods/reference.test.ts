import { describe, expect, it } from "vitest";
import type { Method, MethodParameters } from "../../../src/forecast/method.ts";
import { dampedHolt } from "../../../src/forecast/methods/damped-holt.ts";
import { exponentialSmoothing } from "../../../src/forecast/methods/exponential-smoothing.ts";
import { linearTrend } from "../../../src/forecast/methods/linear-trend.ts";
import { naive } from "../../../src/forecast/methods/naive.ts";
import { robustLinearTrend } from "../../../src/forecast/methods/robust-linear-trend.ts";
import { seasonalNaive } from "../../../src/forecast/methods/seasonal-naive.ts";
import { seasonalSmoothing } from "../../../src/forecast/methods/seasonal-smoothing.ts";
import { theta } from "../../../src/forecast/methods/theta.ts";
import { randomWalkIntervals } from "../../../src/forecast/random-walk-intervals.ts";
import { reference } from "../../fixtures/r/reference.ts";

const yearSeconds = 31_556_952;
const { nile, wwwusage, airPassengers } = reference.series;

function pathOf(
  method: Method,
  values: readonly number[],
  steps: number,
  parameters: MethodParameters = {},
  season?: number,
): number[] {
  const history = {
    values: Float64Array.from(values),
    stepSeconds: yearSeconds,
    ...(season !== undefined && { season }),
  };
  const fitted = method.fit(history, parameters);
  return Array.from({ length: steps }, (_, index) => fitted.at(index + 1));
}

/** The largest difference, relative to the expected value. */
function furthestOff(found: readonly number[], expected: readonly number[]): number {
  expect(found).toHaveLength(expected.length);
  return Math.max(...expected.map((value, index) => Math.abs((found[index] as number) / value - 1)));
}

/** Both sides compute the same sum. Only rounding (and 12 printed digits) differs. */
const rounding = 1e-10;

describe(`against R ${reference.versions.R}, forecast ${reference.versions.forecast}`, () => {
  it("naive() and its intervals", () => {
    expect(pathOf(naive, wwwusage, 10)).toEqual(reference.naive.mean);
    const intervals = randomWalkIntervals(Float64Array.from(wwwusage));
    for (const bound of ["lower80", "upper80", "lower95", "upper95"] as const) {
      const path = reference.naive.mean.map((mean, index) => mean + intervals.at(index + 1)[bound]);
      expect(furthestOff(path, reference.naive[bound])).toBeLessThan(rounding);
    }
  });

  it("snaive()", () => {
    expect(pathOf(seasonalNaive, airPassengers, 24, {}, 12)).toEqual(reference.snaive);
  });

  it("ses() with alpha given", () => {
    const { alpha, mean } = reference.sesFixed;
    expect(furthestOff(pathOf(exponentialSmoothing, nile, 5, { alpha }), mean)).toBeLessThan(rounding);
  });

  it("ses() with alpha fitted: both stop near the minimum of the same sum of squares", () => {
    expect(furthestOff(pathOf(exponentialSmoothing, nile, 5), reference.sesFitted.mean)).toBeLessThan(2e-4);
  });

  it("ets(AAN, damped) with its weights given: the initial state, which R fits, is forgotten by then", () => {
    const { alpha, beta, phi, mean } = reference.holtFixed;
    expect(furthestOff(pathOf(dampedHolt, wwwusage, 20, { alpha, beta, phi }), mean)).toBeLessThan(1e-9);
  });

  it("holt(damped) with everything fitted: R fits the initial state too, and looks finer", () => {
    const fitted = dampedHolt.fit({ values: Float64Array.from(wwwusage), stepSeconds: yearSeconds }, {});
    expect(furthestOff([fitted.at(1)], reference.holtFitted.slice(0, 1))).toBeLessThan(0.01);
  });

  it("thetaf(): R fits the initial level too, which moves the last one by less than a thousandth", () => {
    const { alpha, mean } = reference.theta;
    expect(furthestOff(pathOf(theta, nile, 10, { alpha }), mean)).toBeLessThan(1e-3);
  });

  it("stlf(): another robust decomposition, so within a tenth, and nearer on the whole", () => {
    const path = pathOf(seasonalSmoothing, airPassengers, 24, {}, 12);
    expect(furthestOff(path, reference.stlf)).toBeLessThan(0.1);
    const meanOff =
      path.reduce((sum, value, index) => sum + Math.abs(value / (reference.stlf[index] as number) - 1), 0) /
      24;
    expect(meanOff).toBeLessThan(0.04);
  });

  it("lm()", () => {
    expect(furthestOff(pathOf(linearTrend, nile, 5), reference.line.mean)).toBeLessThan(rounding);
  });

  it("the median of all slopes over the last 32 points, which are as many as there are blocks", () => {
    const { slope, intercept } = reference.theilSenRecent;
    const expected = [1, 2, 3].map((steps) => intercept + slope * steps);
    expect(furthestOff(pathOf(robustLinearTrend, nile, 3, { window: 32 }), expected)).toBeLessThan(rounding);
  });
});
