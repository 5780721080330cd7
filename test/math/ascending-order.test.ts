import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ascendingOrder } from "../../src/math/ascending-order.ts";

const plainOrder = (numbers: Float64Array): number[] =>
  [...numbers.keys()].sort((a, b) => {
    const difference = (numbers[a] as number) - (numbers[b] as number);
    return difference === 0 ? a - b : difference;
  });

describe("ascendingOrder", () => {
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }),
    fc.integer({ min: -3, max: 3 }),
    // These differ only in the bits that the first sort leaves out.
    fc.integer({ min: -9, max: 9 }).map((units) => 1 + units * Number.EPSILON),
    fc.constantFrom(0, -0, Number.MIN_VALUE, -Number.MIN_VALUE),
  );

  it("is that of a stable sort, for any few or many numbers", () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 300, size: "max" }), (numbers) => {
        const sorted = Float64Array.from(numbers);
        expect([...ascendingOrder(sorted)]).toEqual(plainOrder(sorted));
      }),
    );
  });

  it("is that of a stable sort for thousands of numbers that are nearly equal", () => {
    let state = 1;
    const numbers = Float64Array.from({ length: 5000 }, () => {
      state = (state * 48271) % 2147483647;
      return 1 + (state % 1000) * Number.EPSILON;
    });
    expect([...ascendingOrder(numbers)]).toEqual(plainOrder(numbers));
  });

  it("does not depend on what was sorted before", () => {
    const few = Float64Array.of(3, -1, 2);
    ascendingOrder(Float64Array.from({ length: 900 }, (_, index) => (index * 37) % 101));
    expect([...ascendingOrder(few)]).toEqual([1, 2, 0]);
    expect([...ascendingOrder(new Float64Array())]).toEqual([]);
  });
});
