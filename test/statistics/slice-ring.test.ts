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

  it("forgets all slices when cleared", () => {
    const ring = new SliceRing<number>(3);
    ring.open = 1;
    ring.advance();
    ring.open = 2;
    ring.clear();
    expect(ring.filled()).toEqual([]);
    expect([ring.advance(), ring.advance(), ring.advance()]).toEqual([undefined, undefined, undefined]);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses a width of %s", (slices) => {
    expect(() => new SliceRing(slices)).toThrow(/^slices: expected a whole number of at least 1, got/);
  });
});
