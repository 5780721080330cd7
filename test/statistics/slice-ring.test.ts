import { describe, expect, it } from "vitest";
import { SliceRing } from "../../src/statistics/slice-ring.ts";

describe("SliceRing", () => {
  it("gives back what falls out after as many slices as it is wide", () => {
    const ring = new SliceRing<string>(2);
    ring.open = "a";
    expect(ring.advance()).toBeUndefined();
    ring.open = "b";
    expect(ring.filled().sort()).toEqual(["a", "b"]);
    expect(ring.advance()).toBe("a");
    expect(ring.advance()).toBe("b");
    expect(ring.advance()).toBeUndefined();
  });

  it("covers one slice more with each tick until it is full", () => {
    const ring = new SliceRing<number>(3);
    const covered = [ring.covered];
    for (let tick = 0; tick < 3; tick++) {
      ring.advance();
      covered.push(ring.covered);
    }
    expect(covered).toEqual([1, 2, 3, 3]);
  });

  it("covers from the start what it is told had gone by, at most its width", () => {
    expect(new SliceRing(5, 3).covered).toBe(3);
    expect(new SliceRing(5, 30).covered).toBe(5);
  });

  it("keeps what it covers when cleared", () => {
    const ring = new SliceRing<number>(3, 2);
    ring.open = 1;
    ring.clear();
    expect(ring.filled()).toEqual([]);
    expect(ring.covered).toBe(2);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses a width of %s", (slices) => {
    expect(() => new SliceRing(slices)).toThrow(/^slices: expected a whole number of at least 1, got/);
    expect(() => new SliceRing(2, slices)).toThrow(/^coveredSlices: expected a whole number of at least 1/);
  });
});
