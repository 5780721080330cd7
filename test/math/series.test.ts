import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { autocorrelation } from "../../src/math/autocorrelation.ts";
import { RunningSums } from "../../src/math/centred-average.ts";
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

  it("is the sum of its products at any lag, for any length", () => {
    const value = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 40 }), fc.nat(45), (values, longest) => {
        const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
        const products = (lag: number): number =>
          values
            .slice(lag)
            .reduce((sum, one, index) => sum + (one - mean) * ((values[index] as number) - mean), 0);
        const correlations = autocorrelation(Float64Array.from(values), longest);
        expect(correlations).toHaveLength(longest + 1);
        for (let lag = 1; lag <= longest; lag++)
          expect((correlations[lag] as number) * products(0)).toBeCloseTo(products(lag), 9);
      }),
    );
  });
});

describe("the centred average of RunningSums", () => {
  it("agrees with R's filter where the window is centred", () => {
    const averages = new RunningSums(nile).centredAverage(7).subarray(3, 97);
    averages.forEach((value, index) => {
      expect(value).toBeCloseTo(reference.centred[index] as number, 9);
    });
  });

  it("is centred for an even window, and continues straight at the ends", () => {
    const ramp = Float64Array.from({ length: 12 }, (_, index) => 5 + 2 * index);
    for (const window of [1, 2, 3, 4, 5]) expect(new RunningSums(ramp).centredAverage(window)).toEqual(ramp);
  });

  it("leaves gaps out", () => {
    const gap = Number.NaN;
    // In the middle the means of 1 2, 2 6 and 6 5. At the ends the slope is (5.5 - 1.5) / 2.
    expect(new RunningSums(Float64Array.of(1, 2, gap, 6, 5)).centredAverage(3)).toEqual(
      Float64Array.of(-0.5, 1.5, 4, 5.5, 7.5),
    );
    expect(new RunningSums(Float64Array.of(gap, gap, gap, 1)).centredAverage(3)[1]).toBeNaN();
  });

  it("is the mean of all values if the window is the whole series", () => {
    expect(new RunningSums(Float64Array.of(1, 2, 6)).centredAverage(3)).toEqual(Float64Array.of(3, 3, 3));
    expect(new RunningSums(Float64Array.of(1, 2, 3, 6)).centredAverage(4)).toEqual(
      Float64Array.of(3, 3, 3, 3),
    );
  });
});
