import { describe, expect, it } from "vitest";
import { numberRow } from "../../src/math/number-row.ts";
import { RowMemory } from "../../src/math/row-memory.ts";

class Point extends numberRow(["x", "y"]) {
  constructor() {
    super();
    this.y = Number.NaN;
  }
}

class Path extends numberRow(["length"], Point, Point, 1) {
  readonly from = this.part(new Point());
  readonly to = this.part(new Point());

  get last(): number | undefined {
    return this.memory.numbers[this.first + Path.width - 1];
  }
}

describe("NumberRow", () => {
  it("has a number for each field, those of its parts, and more", () => {
    expect([Point.width, Path.width, new Path().width]).toEqual([2, 6, 6]);
  });

  it("keeps what its parts began with", () => {
    expect(new Path().from).toMatchObject({ x: 0, y: Number.NaN });
  });

  it("is the object of another row after moveTo, and so are its parts", () => {
    const memory = new RowMemory(Float64Array.from({ length: 20 }, (_, index) => index));
    const path = new Path();
    path.moveTo(memory, 10);
    expect([path.length, path.from.x, path.from.y, path.to.x, path.to.y, path.last]).toEqual([
      10, 11, 12, 13, 14, 15,
    ]);
    path.to.x = -1;
    path.length += 5;
    expect([memory.numbers[13], memory.numbers[10]]).toEqual([-1, 15]);
    path.moveTo(memory, 0);
    expect(path.to.x).toBe(3);
  });

  it("has other numbers when its memory has", () => {
    const memory = new RowMemory(new Float64Array(10));
    const path = new Path();
    path.moveTo(memory, 4);
    memory.numbers = Float64Array.from({ length: 10 }, (_, index) => -index);
    expect([path.length, path.from.x, path.to.y, path.last]).toEqual([-4, -5, -8, -9]);
  });

  it("takes over the numbers of another row, and clears its own alone", () => {
    const memory = new RowMemory(new Float64Array(10).fill(9));
    const path = new Path();
    path.moveTo(memory, 2);
    const other = new Path();
    other.to.y = 4;
    path.copyFrom(other);
    expect(Array.from(memory.numbers)).toEqual([9, 9, 0, 0, Number.NaN, 0, 4, 0, 9, 9]);
    path.clear();
    expect(Array.from(memory.numbers)).toEqual([9, 9, 0, 0, 0, 0, 0, 0, 9, 9]);
  });
});
