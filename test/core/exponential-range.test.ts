import { expect, it } from "vitest";
import { isInExponentialRange } from "../../src/core/exponential-range.ts";

function isInRange(scale: number, positive = 0, negative = 0): boolean {
  const from = (offset: number) => ({ offset, bucketCounts: [1] });
  return isInExponentialRange({ scale, positive: from(positive), negative: from(negative) });
}

it("the scales of exponential histograms are from -11 to 20", () => {
  expect([-12, -11, 0.5, 20, 21].filter((scale) => isInRange(scale))).toEqual([-11, 20]);
});

it("the offsets of exponential histograms are integers of 32 bits", () => {
  const offsets = [-(2 ** 31) - 1, -(2 ** 31), 0.5, 2 ** 31 - 1, 2 ** 31];
  const allowed = [-(2 ** 31), 2 ** 31 - 1];
  expect(offsets.filter((offset) => isInRange(0, offset))).toEqual(allowed);
  expect(offsets.filter((offset) => isInRange(0, 0, offset))).toEqual(allowed);
});
