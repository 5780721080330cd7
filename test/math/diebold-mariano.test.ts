import { describe, expect, it } from "vitest";
import { dieboldMariano } from "../../src/math/diebold-mariano.ts";
import { studentProbability } from "../../src/math/student-probability.ts";

/*
 * Reference values: dm.test(one, other, h = overlap, power = 1) of the package forecast 8.20, and
 * 2 * pt(-t, df), in R 4.2.2.
 */
const ONE = [
  1.683, 1.514, 0.824, 0.576, 0.265, 1.984, 1.908, 1.84, 1.26, 1.013, 1.998, 0.982, 1.204, 1.879, 1.86, 1.998,
  0.053, 0.808, 0.559, 1.702,
];
const OTHER = [
  0.729, 1.567, 0.978, 1.469, 1.202, 1.314, 1.386, 1.112, 1.518, 0.875, 1.589, 0.62, 1.594, 0.836, 1.533,
  1.076, 1.411, 1.285, 1.234, 1.449,
];
const minus = (one: readonly number[], other: readonly number[]): number[] =>
  one.map((value, index) => value - (other[index] as number));

describe("the test of equal accuracy", () => {
  it.each([
    [1, 0.368688880623, 0.716435842317],
    [2, 0.326651768803, 0.747502235142],
    [4, 0.667407324117, 0.512537325486],
  ])("agrees with R where %d forecasts overlap", (overlap, statistic, probability) => {
    const result = dieboldMariano(minus(ONE, OTHER), overlap);
    expect(result?.statistic).toBeCloseTo(statistic, 11);
    expect(result?.probability).toBeCloseTo(probability, 11);
  });

  it("agrees with R where the variance is not positive", () => {
    const one = [1, 2, 1, 2, 1, 2, 1, 2, 1, 2];
    const other = [1.5, 1, 1.5, 1.1, 1.5, 1, 1.4, 1, 1.5, 1];
    const result = dieboldMariano(minus(one, other), 2);
    expect(result?.statistic).toBeCloseTo(1.02585837567, 10);
    expect(result?.probability).toBeCloseTo(0.331739428186, 10);
    expect(dieboldMariano(minus(one, other), 3)?.probability).toBeCloseTo(0.386192234845, 10);
  });

  it("has the sign of the more accurate forecast, and does not depend on the unit", () => {
    const one = dieboldMariano(minus(ONE, OTHER), 2);
    const other = dieboldMariano(
      minus(OTHER, ONE).map((value) => value * 1e6),
      2,
    );
    expect(other?.statistic).toBeCloseTo(-(one?.statistic as number), 10);
    expect(other?.probability).toBeCloseTo(one?.probability as number, 10);
  });

  it.each([
    ["no difference", [0, 0, 0, 0], 2],
    ["one forecast", [1], 1],
    ["no forecast", [], 1],
  ])("is undefined for %s", (_, differences, overlap) => {
    expect(dieboldMariano(differences, overlap)).toBeUndefined();
  });

  it("takes differences that are all the same for more than chance", () => {
    expect(dieboldMariano([-0.1, -0.1, -0.1, -0.1], 2)).toEqual({
      statistic: Number.NEGATIVE_INFINITY,
      probability: 0,
    });
  });

  it("is undefined where more than half of the forecasts overlap", () => {
    expect(dieboldMariano([1, 3, 4, 6], 2)).toBeDefined();
    expect(dieboldMariano([1, 3, 4, 6], 3)).toBeUndefined();
  });
});

describe("the probability of Student's t distribution", () => {
  it.each([
    [0.5, 1, 0.704832764699],
    [3.5, 1, 0.177171065566],
    [0.5, 9, 0.62907129982603],
    [-2, 9, 0.0765528237707],
    [3.5, 9, 0.00672351576306],
    [1, 24, 0.32728688127979],
    [3.5, 24, 0.00184236435466],
    [2, 199, 0.0468600004013],
    [0, 5, 1],
    [1e9, 2, 0],
  ])("beyond %d with %d degrees of freedom is as in R", (t, degreesOfFreedom, probability) => {
    expect(studentProbability(t, degreesOfFreedom)).toBeCloseTo(probability, 12);
  });
});
