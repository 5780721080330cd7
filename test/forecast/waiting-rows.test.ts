import { describe, expect, it } from "vitest";
import { WaitingRows } from "../../src/forecast/waiting-rows.ts";
import { RowTables } from "../../src/math/row-tables.ts";
import { CountedTables } from "../harness/counted-tables.ts";

function rowsOf(...added: readonly (readonly [number, number])[]): WaitingRows {
  const rows = new WaitingRows(new RowTables(1), 3, 2);
  for (const numbers of added) rows.add().set(numbers);
  return rows;
}

/** All rows that are due, oldest first. */
function takenAt(rows: WaitingRows, at: number): number[][] {
  const taken: number[][] = [];
  for (let row = rows.takeDue(at); row !== undefined; row = rows.takeDue(at)) taken.push([...row]);
  return taken;
}

describe("WaitingRows", () => {
  it("gives each row once, when its time has come", () => {
    const rows = rowsOf([10, 1], [20, 2], [30, 3]);
    expect(takenAt(rows, 9)).toEqual([]);
    expect(takenAt(rows, 20)).toEqual([
      [10, 1],
      [20, 2],
    ]);
    expect(takenAt(rows, 20)).toEqual([]);
    expect(takenAt(rows, 30)).toEqual([[30, 3]]);
  });

  it("makes room for a new row by the oldest", () => {
    expect(takenAt(rowsOf([10, 1], [20, 2], [30, 3], [40, 4]), 100)).toEqual([
      [20, 2],
      [30, 3],
      [40, 4],
    ]);
  });

  it("goes on from what was saved, also after the rows have come around", () => {
    const rows = rowsOf([10, 1], [20, 2], [30, 3], [40, 4]);
    const restored = rowsOf();
    restored.restore(rows.saved());
    expect(takenAt(restored, 100)).toEqual(takenAt(rows, 100));
  });

  it("moves all times with the clock", () => {
    const rows = rowsOf([10, 1], [20, 2]);
    rows.shiftTimes(-5);
    expect(takenAt(rows, 15)).toEqual([
      [5, 1],
      [15, 2],
    ]);
  });

  it("keeps the newest of more rows than fit", () => {
    const restored = rowsOf();
    restored.restore(Float64Array.of(10, 1, 20, 2, 30, 3, 40, 4));
    expect(takenAt(restored, 100)).toEqual([
      [20, 2],
      [30, 3],
      [40, 4],
    ]);
  });

  it("grows to its capacity and keeps the order", () => {
    const rows = new WaitingRows(new RowTables(1), 10, 2);
    for (let at = 1; at <= 3; at += 1) rows.add().set([at, -at]);
    expect(takenAt(rows, 2)).toEqual([
      [1, -1],
      [2, -2],
    ]);
    for (let at = 4; at <= 12; at += 1) rows.add().set([at, -at]);
    expect(takenAt(rows, 100).map(([at]) => at)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it("has pages for the rows that wait, and gives back those that it does not need", () => {
    const tables = new CountedTables(1);
    const rows = new WaitingRows(tables, 10, 2);
    const others = new WaitingRows(tables, 10, 2);
    for (let at = 1; at <= 40; at += 1) {
      rows.add().set([at, -at]);
      others.add().set([at, at]);
      if (at % 3 === 0) takenAt(others, at);
      expect(tables.inUse).toBeLessThanOrEqual(5);
    }
    expect(takenAt(rows, 100).map(([, value]) => value)).toEqual(
      Array.from({ length: 10 }, (_, index) => -31 - index),
    );
    expect(takenAt(others, 100)).toEqual([[40, 40]]);
    expect(tables.inUse).toBe(0);
    rows.add().set([1, 1]);
    rows.clear();
    expect([rows.length, tables.inUse]).toEqual([0, 0]);
  });
});
