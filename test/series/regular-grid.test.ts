import { expect, it } from "vitest";
import { regularGrid } from "../../src/series/regular-grid.ts";

const { NaN: gap, MAX_VALUE } = Number;

function laid(samples: readonly (readonly [at: number, value: number])[], capacity = 10): unknown {
  const { values, stepMillis } = regularGrid(
    samples.map(([at, value]) => ({ at, value })),
    capacity,
    7,
  );
  return [[...values], stepMillis];
}

it("a grid ends at the newest sample, with the median distance as its step", () => {
  expect(
    laid([
      [0, 1],
      [9, 2],
      [20, 3],
      [41, 5],
    ]),
  ).toEqual([[1, 2, 3, gap, 5], 11]);
});

it("a slot has the mean of its samples, and those that are no number are left out", () => {
  const regular = Array.from({ length: 9 }, (_, index) => [10 * index, index] as const);
  const more = [
    [22, 4],
    [42, gap],
  ] as const;
  const samples = [...regular, ...more].sort(([one], [other]) => one - other);
  expect(laid(samples)).toEqual([[0, 1, 3, 3, 4, 5, 6, 7, 8], 10]);
});

it("the mean of the largest numbers is finite", () => {
  const largest = [0, 10, 20, 21, 30, 40].map((at) => [at, MAX_VALUE] as const);
  expect(laid(largest)).toEqual([Array(5).fill(MAX_VALUE), 10]);
});

it("a grid has the newest slots, as many as its capacity", () => {
  expect(
    laid(
      [
        [0, 1],
        [10, 2],
        [20, 3],
        [30, 4],
      ],
      2,
    ),
  ).toEqual([[3, 4], 10]);
});

it("samples that come at once are laid one after the other", () => {
  expect(
    laid([
      [5, 1],
      [5, 2],
      [5, 3],
    ]),
  ).toEqual([[1, 2, 3], 7]);
  expect(
    laid(
      [
        [5, 1],
        [5, 2],
        [5, 3],
      ],
      2,
    ),
  ).toEqual([[2, 3], 7]);
  expect(laid([[5, 1]])).toEqual([[1], 7]);
  expect(laid([])).toEqual([[], 7]);
});
