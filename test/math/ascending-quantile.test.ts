import { expect, it } from "vitest";
import { ascendingQuantile } from "../../src/math/ascending-quantile.ts";

it("is type 5 in R: quantile(c(1, 2, 4, 8, 16), c(0, 0.1, 0.25, 0.5, 0.9, 1), type = 5)", () => {
  const values = Float64Array.of(1, 2, 4, 8, 16);
  const found = [0, 0.1, 0.25, 0.5, 0.9, 1].map((share) => ascendingQuantile(values, share));
  expect(found).toEqual([1, 1, 1.75, 4, 16, 16]);
});

it("is the one value, and not a number without values", () => {
  expect(ascendingQuantile(Float64Array.of(3), 0.9)).toBe(3);
  expect(ascendingQuantile(new Float64Array(0), 0.5)).toBeNaN();
});
