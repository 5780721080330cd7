import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limited, Scaling, scalingOf } from "../../src/forecast/scaling.ts";

describe("scalingOf", () => {
  it("puts the middle at 0 and the usual distance at about 1", () => {
    const scaling = scalingOf([10, 12, 14, 16, 18]);
    expect(scaling.scale(14)).toBe(0);
    // The lower nine tenths of the distances 0 2 2 4 4 are four of them, with a mean of 2.
    expect(scaling.scale(16)).toBe(1);
    expect(scaling.restore(2)).toBe(18);
  });

  it("limits what is too far away or too large", () => {
    const scaling = new Scaling(0, 1);
    expect([1e9, 1e12, -1e12].map((value) => scaling.scale(value))).toEqual([1e9, 1e9, -1e9]);
    expect([1e300, 1e305, -1e305].map(limited)).toEqual([1e300, 1e300, -1e300]);
  });

  it("keeps a value of few digits in single precision", () => {
    const digits = fc.integer({ min: -(2 ** 20), max: 2 ** 20 });
    fc.assert(
      fc.property(fc.array(digits, { minLength: 1, maxLength: 40 }), (values) => {
        const scaling = scalingOf(values);
        for (const value of [...values, 0]) {
          const scaled = scaling.scale(value);
          if (Math.abs(scaled) < 1e9) expect(scaling.restore(Math.fround(scaled))).toBe(value + 0);
        }
      }),
    );
  });

  it("puts the value at 0 that a series has had at all times", () => {
    expect(scalingOf([0.1, 0.1, 0.1]).scale(0.1)).toBe(0);
    expect(scalingOf([0.1, 0.1, 7.3]).restore(Math.fround(scalingOf([0.1, 0.1, 7.3]).scale(0)))).toBe(0);
  });

  it("does not round a middle that is large beside the distances", () => {
    const scaling = scalingOf([1e15 + 1, 1e15 + 2, 1e15 + 3]);
    expect(scaling.scale(1e15 + 2)).toBe(0);
  });

  it("takes gaps and infinities for gaps", () => {
    const scaling = scalingOf([1, Number.NaN, 3, Number.POSITIVE_INFINITY]);
    expect(scaling.scale(Number.NaN)).toBeNaN();
    expect(scaling.scale(Number.NEGATIVE_INFINITY)).toBeNaN();
    expect(scaling.scale(3)).toBe(1);
  });

  it("holds values within 1e300", () => {
    const scaling = scalingOf([0, 1e308, -1e308]);
    expect(scaling.restore(scaling.scale(1e308))).toBe(1e300);
    expect(scaling.restore(-1e9)).toBe(-1e300);
  });

  it("keeps numbers finite whatever they are, there and back", () => {
    const number = fc.double({ noDefaultInfinity: true, noNaN: true });
    fc.assert(
      fc.property(fc.array(number, { maxLength: 20 }), number, (values, value) => {
        const scaling = scalingOf(values);
        expect(Math.abs(scaling.scale(value))).toBeLessThanOrEqual(1e9);
        expect(Number.isFinite(scaling.restore(scaling.scale(value)))).toBe(true);
        expect(Number.isFinite(scaling.restore(1e12))).toBe(true);
      }),
    );
  });

  it("gives a value of an ordinary series back", () => {
    const values = Array.from({ length: 50 }, (_, index) => 1000 + index ** 1.5);
    const scaling = scalingOf(values);
    for (const value of values) expect(scaling.restore(scaling.scale(value))).toBeCloseTo(value, 9);
  });
});
