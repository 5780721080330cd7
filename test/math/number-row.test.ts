import { describe, expect, it } from "vitest";
import { numberRow } from "../../src/math/number-row.ts";

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
    return this.numbers[this.offset + Path.width - 1];
  }
}

describe("NumberRow", () => {
  it("has a number for each field, those of its parts, and more", () => {
    expect([Point.width, Path.width, new Path().width]).toEqual([2, 6, 6]);
  });

  it("keeps what its parts began with", () => {
    expect(new Path().from).toMatchObject({ x: 0, y: Number.NaN });
  });

  it("is the object of another row after seek, and so are its parts", () => {
    const numbers = Float64Array.from({ length: 20 }, (_, index) => index);
    const path = new Path();
    path.seek(numbers, 10);
    expect([path.length, path.from.x, path.from.y, path.to.x, path.to.y, path.last]).toEqual([
      10, 11, 12, 13, 14, 15,
    ]);
    path.to.x = -1;
    path.length += 5;
    expect([numbers[13], numbers[10]]).toEqual([-1, 15]);
    path.seek(numbers, 0);
    expect(path.to.x).toBe(3);
  });

  it("takes over the numbers of another row, and clears its own alone", () => {
    const numbers = new Float64Array(10).fill(9);
    const path = new Path();
    path.seek(numbers, 2);
    const other = new Path();
    other.to.y = 4;
    path.copyFrom(other);
    expect(Array.from(numbers)).toEqual([9, 9, 0, 0, Number.NaN, 0, 4, 0, 9, 9]);
    path.clear();
    expect(Array.from(numbers)).toEqual([9, 9, 0, 0, 0, 0, 0, 0, 9, 9]);
  });
});
