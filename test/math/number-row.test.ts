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

  it("leaves its former row as it was", () => {
    const memory = new RowMemory(Float64Array.from({ length: 20 }, (_, index) => index));
    const path = new Path();
    path.moveTo(memory, 10);
    path.moveTo(new RowMemory(new Float64Array(10)), 4);
    path.to.x = 5;
    expect([path.length, path.from.x, path.to.x, path.last]).toEqual([0, 0, 5, 0]);
    expect(Array.from(memory.numbers.subarray(10, 16))).toEqual([10, 11, 12, 13, 14, 15]);
  });

  it("takes its numbers along, also those of parts of its parts", () => {
    class Whole extends numberRow(["before"], Path) {
      readonly path = this.part(new Path());
    }
    const whole = new Whole();
    whole.path.to.y = 7;
    whole.carryTo(new RowMemory(new Float64Array(12)), 5);
    whole.path.from.x = 3;
    expect([whole.path.from.x, whole.path.to.y, whole.before]).toEqual([3, 7, 0]);
    const memory = new RowMemory(Float64Array.from({ length: 9 }, (_, index) => index));
    whole.moveTo(memory, 1);
    expect([whole.before, whole.path.length, whole.path.to.y]).toEqual([1, 2, 6]);
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
