import { expect, it } from "vitest";
import { RowMemory } from "../../src/math/row-memory.ts";
import { RowTable } from "../../src/math/row-table.ts";

const WIDTH = 3;

/** The numbers of a row. */
function numbersOf(table: RowTable, row: number): number[] {
  const memory = new RowMemory(new Float64Array(0));
  table.seek(memory, row);
  return Array.from(memory.numbers.subarray(memory.base, memory.base + WIDTH));
}

it("keeps the numbers of thousands of rows apart", () => {
  const table = new RowTable(WIDTH);
  const rows = Array.from({ length: 1000 }, (_, index) => table.add(Float64Array.of(index, -index, 1)));
  expect(rows.map((row) => numbersOf(table, row))).toEqual(rows.map((_, index) => [index, -index, 1]));
});

it("has the same memory in single precision", () => {
  const table = new RowTable(WIDTH);
  const memory = new RowMemory(new Float64Array(0));
  const [row, other] = [table.add(new Float64Array(WIDTH)), table.add(Float64Array.of(7, 7, 7))];
  table.seek(memory, row);
  memory.singles[2 * memory.base + 5] = 0.5;
  expect(numbersOf(table, row)).toEqual([0, 0, new Float64Array(Float32Array.of(0, 0.5).buffer)[0]]);
  expect(numbersOf(table, other)).toEqual([7, 7, 7]);
});

it("uses a deleted row again, and lets its owner write without harm", () => {
  const table = new RowTable(WIDTH);
  const first = table.add(Float64Array.of(1, 2, 3));
  const afterwards = table.delete(first);
  const second = table.add(Float64Array.of(4, 5, 6));
  expect(second).toBe(first);
  const memory = new RowMemory(new Float64Array(0));
  table.seek(memory, afterwards);
  memory.numbers.fill(9, memory.base, memory.base + WIDTH);
  table.delete(afterwards);
  const third = table.add(Float64Array.of(7, 8, 9));
  expect([second, third].map((row) => numbersOf(table, row))).toEqual([
    [4, 5, 6],
    [7, 8, 9],
  ]);
  expect(new Set([second, third, afterwards]).size).toBe(3);
});
