import { describe, expect, it } from "vitest";
import { autocorrelation } from "../../src/math/autocorrelation.ts";
import { centredAverage } from "../../src/math/centred-average.ts";
import { reference } from "../fixtures/r/reference.ts";

const nile = Float64Array.from(reference.series.nile);

describe("autocorrelation", () => {
  it("agrees with R's acf", () => {
    autocorrelation(nile, 20).forEach((value, lag) => {
      expect(value).toBeCloseTo(reference.autocorrelation[lag] as number, 9);
    });
  });

  it("is nothing beyond lag 0 for a constant, and beyond the length", () => {
    expect(autocorrelation(Float64Array.of(5, 5, 5), 4)).toEqual(Float64Array.of(1, 0, 0, 0, 0));
  });
});

describe("centredAverage", () => {
  it("agrees with R's filter where the window is centred", () => {
    const averages = centredAverage(nile, 7).subarray(3, 97);
    averages.forEach((value, index) => {
      expect(value).toBeCloseTo(reference.centred[index] as number, 9);
    });
  });

  it("keeps the window whole at the ends and leaves gaps out", () => {
    expect(centredAverage(Float64Array.of(1, 2, Number.NaN, 6), 3)).toEqual(Float64Array.of(1.5, 1.5, 4, 4));
    expect(centredAverage(Float64Array.of(Number.NaN, Number.NaN, 1), 2)[0]).toBeNaN();
  });
});
