import { describe, expect, it } from "vitest";
import { centredAverage } from "../../src/math/centred-average.ts";

const averages = (values: number[], window: number) => [...centredAverage(Float64Array.from(values), window)];

describe("a centred average", () => {
  it("is the mean of as many values on either side, and continues as a line at the ends", () => {
    expect(averages([6, 0, 3, 9, 0, 12], 3)).toEqual([3 - 4 / 3, 3, 4, 4, 7, 7 + 4 / 3]);
  });

  it("is for an even window the mean of the two most central windows", () => {
    expect(averages([0, 2, 4, 10], 2)).toEqual([-1, 2, 5, 8]);
  });

  it("leaves out gaps, and is a gap where all values are gaps", () => {
    const gap = Number.NaN;
    expect(averages([1, gap, 3, 5, gap, gap, gap, 9, 11], 3)).toEqual([
      2 - 4 / 3,
      2,
      4,
      4,
      5,
      gap,
      9,
      10,
      10 + 4 / 3,
    ]);
    expect(averages([gap, gap, gap, 4, 6], 3)).toEqual([gap, gap, 4, 5, 5]);
  });

  it("is the mean of all values if the window is the whole series", () => {
    expect(averages([1, 2, 6], 3)).toEqual([3, 3, 3]);
    expect(averages([1, 2, 3, 6], 4)).toEqual([3, 3, 3, 3]);
    expect(averages([1, 2, 3, 4, 10], 5)).toEqual([4, 4, 4, 4, 4]);
  });
});
