import { expect, it } from "vitest";
import { RowTable } from "../../src/math/row-table.ts";

const WIDTH = 3;

/** The numbers of a row. */
function numbersOf(table: RowTable, row: number): number[] {
  const first = table.firstOf(row);
  return Array.from(table.blockOf(row).numbers.subarray(first, first + WIDTH));
}

it("keeps the numbers of thousands of rows apart", () => {
  const table = new RowTable(WIDTH);
  const rows = Array.from({ length: 1000 }, (_, index) => table.add(Float64Array.of(index, -index, 1)));
  expect(rows.map((row) => numbersOf(table, row))).toEqual(rows.map((_, index) => [index, -index, 1]));
});

it("has the same memory in single precision", () => {
  const table = new RowTable(WIDTH);
  const [row, other] = [table.add(new Float64Array(WIDTH)), table.add(Float64Array.of(7, 7, 7))];
  table.blockOf(row).singles[2 * table.firstOf(row) + 5] = 0.5;
  expect(numbersOf(table, row)).toEqual([0, 0, new Float64Array(Float32Array.of(0, 0.5).buffer)[0]]);
  expect(numbersOf(table, other)).toEqual([7, 7, 7]);
});

it("uses a deleted row again, and lets its owner write without harm", () => {
  const table = new RowTable(WIDTH);
  const first = table.add(Float64Array.of(1, 2, 3));
  const afterwards = table.delete(first);
  const second = table.add(Float64Array.of(4, 5, 6));
  expect(second).toBe(first);
  const free = table.firstOf(afterwards);
  table.blockOf(afterwards).numbers.fill(9, free, free + WIDTH);
  table.delete(afterwards);
  const third = table.add(Float64Array.of(7, 8, 9));
  expect([second, third].map((row) => numbersOf(table, row))).toEqual([
    [4, 5, 6],
    [7, 8, 9],
  ]);
  expect(new Set([second, third, afterwards]).size).toBe(3);
});
