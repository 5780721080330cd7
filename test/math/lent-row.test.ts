import { expect, it } from "vitest";
import { LentRow } from "../../src/math/lent-row.ts";
import { RowTables } from "../../src/math/row-tables.ts";
import { CountedTables } from "../harness/counted-tables.ts";

const WIDTH = 3;

it("a lent row begins with zeros, also after another owner, and keeps its numbers apart from others", () => {
  const tables = new RowTables(1);
  const rows = Array.from({ length: 100 }, () => LentRow.of(tables, WIDTH));
  for (const [index, row] of rows.entries()) {
    row.set([index, -index]);
    row.put(2, 0.5);
  }
  expect(rows.map((row) => Array.from(row.slice(0, WIDTH)))).toEqual(
    rows.map((_, index) => [index, -index, 0.5]),
  );
  const [given, kept] = rows as [LentRow, LentRow];
  given.giveBack();
  const again = LentRow.of(tables, WIDTH);
  expect(Array.from(again.slice(0, WIDTH))).toEqual([0, 0, 0]);
  given.set([7, 7, 7]);
  expect([again.at(0), kept.at(0)]).toEqual([0, 1]);
  expect(kept.numbers[kept.first + 1]).toBe(-1);
});

it("a lent row is one of a table of its own width, until it is given back", () => {
  const tables = new CountedTables(1);
  const row = LentRow.of(tables, WIDTH);
  LentRow.of(tables, WIDTH + 1);
  expect(tables.inUse).toBe(2);
  row.giveBack();
  expect(tables.inUse).toBe(1);
});
