import { sum } from "simple-statistics";
import { expect, it } from "vitest";
import { CompensatedSum } from "../../src/math/compensated-sum.ts";

function totalOf(values: readonly number[]): number {
  const added = new CompensatedSum();
  for (const value of values) added.add(value);
  return added.total;
}

it("loses nothing to rounding", () => {
  expect(totalOf([1, 1e100, 1, -1e100])).toBe(2);
  expect(totalOf(new Array(10).fill(0.1))).toBe(1);
});

it.each([
  [[]],
  [[5]],
  [[Number.POSITIVE_INFINITY]],
  [[1, Number.POSITIVE_INFINITY]],
  [[0.1, 0.2, -0.3, 1e16, 7, -1e16]],
])("gives what simple-statistics gives: %j", (values) => {
  expect(totalOf(values)).toBe(sum(values));
});
