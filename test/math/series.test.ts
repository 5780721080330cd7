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

  it("is 0 beyond lag 0 for a constant, and beyond the length", () => {
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

  it("is centred for an even window, and continues straight at the ends", () => {
    const ramp = Float64Array.from({ length: 12 }, (_, index) => 5 + 2 * index);
    for (const window of [1, 2, 3, 4, 5]) expect(centredAverage(ramp, window)).toEqual(ramp);
  });

  it("leaves gaps out", () => {
    const gap = Number.NaN;
    // In the middle the means of 1 2, 2 6 and 6 5. At the ends the slope is (5.5 - 1.5) / 2.
    expect(centredAverage(Float64Array.of(1, 2, gap, 6, 5), 3)).toEqual(
      Float64Array.of(-0.5, 1.5, 4, 5.5, 7.5),
    );
    expect(centredAverage(Float64Array.of(gap, gap, gap, 1), 3)[1]).toBeNaN();
  });

  it("is the mean of all values if the window is the whole series", () => {
    expect(centredAverage(Float64Array.of(1, 2, 6), 3)).toEqual(Float64Array.of(3, 3, 3));
    expect(centredAverage(Float64Array.of(1, 2, 3, 6), 4)).toEqual(Float64Array.of(3, 3, 3, 3));
  });
});
