import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SERIES_INPUTS, seen, writeSeriesInputs } from "../../../src/forecast/gate/series-inputs.ts";

const facts = { stepSeconds: 10, periods: [], horizonSteps: 30 };

function inputsOf(values: readonly number[], measure: { last: number; unit: number }): Float32Array {
  const into = new Float32Array(SERIES_INPUTS);
  writeSeriesInputs(Float64Array.from(values), measure, facts, into);
  return into;
}

describe("writeSeriesInputs", () => {
  it("shows the newest values, counted from the last in its unit", () => {
    const inputs = inputsOf([1, 5, Number.NaN, 3], { last: 3, unit: 2 });
    expect(Array.from(inputs.slice(0, 5))).toEqual([
      0,
      // A gap, and what lies before the first value.
      0,
      expect.closeTo(Math.asinh(1), 6),
      expect.closeTo(Math.asinh(-1), 6),
      0,
    ]);
  });

  it("shows means of four points after them", () => {
    const inputs = inputsOf([8, 8, 8, 8, 1, 3, 2, 2], { last: 2, unit: 1 });
    expect(inputs[32]).toBe(0);
    expect(inputs[33]).toBeCloseTo(Math.asinh(6), 6);
    expect(inputs[34]).toBe(0);
  });

  it("is the same for a shifted and scaled series", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 200 }),
        fc.constantFrom(0.25, 1, 8),
        (values, scale) => {
          const last = values.at(-1) as number;
          const moved = values.map((value) => 1000 + scale * value);
          const plain = inputsOf(values, { last, unit: 1.5 });
          expect(inputsOf(moved, { last: 1000 + scale * last, unit: 1.5 * scale })).toEqual(plain);
        },
      ),
    );
  });

  it("has finite numbers only, whatever the series", () => {
    const number = fc.oneof(
      fc.constant(0),
      fc.constant(Number.NaN),
      fc.double({ noNaN: true, min: -1e9, max: 1e9 }),
    );
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.array(number), (first, others) => {
        const inputs = inputsOf([first, ...others], { last: first, unit: 1e-3 });
        expect(inputs.every(Number.isFinite)).toBe(true);
      }),
    );
  });
});

describe("seen", () => {
  it("is linear near 0 and logarithmic far away", () => {
    expect(seen(0.001, 1)).toBeCloseTo(0.001, 8);
    expect(seen(1e6, 1)).toBeCloseTo(Math.log(2e6), 6);
    expect(seen(Number.NaN, 1)).toBe(0);
  });
});
