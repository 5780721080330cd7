import { expect, it } from "vitest";
import { entriesIn } from "../../src/config/many-entries.ts";

const ten = Array.from({ length: 10 }, (_, index) => index);

it.each<[unknown, number]>([
  [undefined, 0],
  [null, 0],
  ["text", 0],
  [{}, 0],
  [[1, 2], 2],
  [{ a: [1, 2], b: { c: ["x"] } }, 3],
  [[[1], [2, 3]], 5],
  [new Array(7), 7],
])("%j has %i entries in lists, at any depth", (option, entries) => {
  expect(entriesIn(option, 1000)).toBe(entries);
});

it("does not count far beyond the most", () => {
  expect(entriesIn({ a: ten, b: [ten, ten, ten] }, 1000)).toBe(43);
  expect(entriesIn({ a: ten, b: [ten, ten, ten] }, 15)).toBe(23);
  expect(entriesIn({ a: ten, b: ten, c: ten }, 10)).toBe(20);
  expect(entriesIn({ a: ten, b: ten, c: ten }, 9)).toBe(10);
  expect(entriesIn([new Array(2 ** 32 - 1)], 1000)).toBe(2 ** 32);
});

it("ends in a list that is in itself", () => {
  const list: unknown[] = [];
  list.push(list);
  expect(entriesIn(list, 1000)).toBe(8);
});
