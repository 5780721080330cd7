import { expect, it } from "vitest";
import { weightedMean } from "../../src/math/weighted-mean.ts";

const numbers = (...of: number[]) => Float64Array.of(...of);

it("the weighted mean of values is their sum by weight, divided by all weight", () => {
  expect(weightedMean(numbers(1, 2, 4), numbers(1, 1, 2), 0)).toBe(2.75);
  expect(weightedMean(numbers(1, 2, 4), numbers(0, 0, 3), 0)).toBe(4);
});

it("the weights of a weighted mean begin where they are said to", () => {
  expect(weightedMean(numbers(10, 20), numbers(9, 9, 3, 1, 9), 2)).toBe(12.5);
});
