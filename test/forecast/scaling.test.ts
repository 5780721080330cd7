import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scalingOf } from "../../src/forecast/scaling.ts";

describe("scalingOf", () => {
  it("puts the middle at 0 and the usual distance at about 1", () => {
    const { scale, restore } = scalingOf([10, 12, 14, 16, 18]);
    expect(scale(14)).toBe(0);
    // The lower nine tenths of the distances 0 2 2 4 4 are four of them, with a mean of 2.
    expect(scale(16)).toBe(1);
    expect(restore(2)).toBe(18);
  });

  it("takes gaps and infinities for gaps", () => {
    const { scale } = scalingOf([1, Number.NaN, 3, Number.POSITIVE_INFINITY]);
    expect(scale(Number.NaN)).toBeNaN();
    expect(scale(Number.NEGATIVE_INFINITY)).toBeNaN();
    expect(scale(3)).toBe(1);
  });

  it("holds values within 1e300", () => {
    const { scale, restore } = scalingOf([0, 1e308, -1e308]);
    expect(restore(scale(1e308))).toBe(1e300);
    expect(restore(-1e9)).toBe(-1e300);
  });

  it("keeps numbers finite whatever they are, there and back", () => {
    const number = fc.double({ noDefaultInfinity: true, noNaN: true });
    fc.assert(
      fc.property(fc.array(number, { maxLength: 20 }), number, (values, value) => {
        const { scale, restore } = scalingOf(values);
        expect(Math.abs(scale(value))).toBeLessThanOrEqual(1e9);
        expect(Number.isFinite(restore(scale(value)))).toBe(true);
        expect(Number.isFinite(restore(1e12))).toBe(true);
      }),
    );
  });

  it("gives a value of an ordinary series back", () => {
    const values = Array.from({ length: 50 }, (_, index) => 1000 + index ** 1.5);
    const { scale, restore } = scalingOf(values);
    for (const value of values) expect(restore(scale(value))).toBeCloseTo(value, 9);
  });
});
