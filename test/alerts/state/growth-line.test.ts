import { describe, expect, it } from "vitest";
import { GrowthLine, type LineEnd } from "../../../src/alerts/state/growth-line.ts";

function lineThrough(points: readonly (readonly [seconds: number, value: number])[]): GrowthLine {
  const line = new GrowthLine();
  for (const [seconds, value] of points) line.add(seconds, value);
  return line;
}

describe("a line through recent values", () => {
  it("is there from the third value on", () => {
    expect(lineThrough([]).count).toBe(0);
    expect(
      lineThrough([
        [0, 1],
        [10, 2],
      ]).end,
    ).toBeUndefined();
    expect(
      lineThrough([
        [0, 1],
        [10, 2],
        [20, 3],
      ]).count,
    ).toBe(3);
  });

  it("is the line itself if the values are on one", () => {
    const { end } = lineThrough([
      [5, 1],
      [15, 3],
      [20, 4],
      [40, 8],
    ]);
    expect(end?.height).toBeCloseTo(8, 12);
    expect(end?.perSecond).toBeCloseTo(0.2, 12);
    expect(end?.deviation).toBeCloseTo(0, 6);
    expect(end?.explained).toBeCloseTo(1, 12);
  });

  it("is the regression in which a value weighs in proportion to its number", () => {
    // lm(c(1, 3, 8) ~ c(0, 10, 20), weights = 1:3) by hand: the means are 40/3 and 31/6.
    const { end } = lineThrough([
      [0, 1],
      [10, 3],
      [20, 8],
    ]);
    expect(end?.perSecond).toBeCloseTo(0.38, 12);
    expect(end?.height).toBeCloseTo(31 / 6 + 0.38 * (20 - 40 / 3), 12);
    expect(end?.explained).toBeCloseTo((0.38 * (380 / 3)) / (305 / 6), 12);
  });

  it("is as far from the values as they deviate, by their weights", () => {
    const values = [4, 1, 6, 3, 9, 5, 12];
    const { end } = lineThrough(values.map((value, index) => [index, value]));
    const { height, perSecond, deviation } = end as LineEnd;
    const squares = values.map((value, index) => (value - height - perSecond * (index - 6)) ** 2);
    const unexplained = squares.reduce((sum, square, index) => sum + (square * (index + 1)) / 7, 0);
    // The seven weights are 4 together, and the line has two parameters.
    expect(deviation).toBeCloseTo(Math.sqrt(unexplained / 2), 12);
  });

  it("explains nothing of a constant", () => {
    expect(
      lineThrough([
        [0, 4],
        [10, 4],
        [20, 4],
      ]).end,
    ).toEqual({
      height: 4,
      perSecond: 0,
      deviation: 0,
      explained: 0,
    });
  });
});
