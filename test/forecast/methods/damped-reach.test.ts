import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DampedReach } from "../../../src/forecast/methods/damped-reach.ts";

describe("DampedReach", () => {
  it("is the sum of the powers, near and far, whatever was asked for before", () => {
    const steps = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 4090, max: 9000 }));
    fc.assert(
      fc.property(fc.constantFrom(0.5, 0.9, 0.98, 1), fc.array(steps, { maxLength: 9 }), (phi, all) => {
        for (const asked of all) {
          let sum = 0;
          for (let step = 1; step <= asked; step++) sum += phi ** step;
          expect(DampedReach.of(phi).after(asked)).toBeCloseTo(sum, 9);
        }
      }),
    );
  });

  it("takes parts of a step", () => {
    expect(DampedReach.of(0.5).after(1.5)).toBeCloseTo(1 - 0.5 ** 1.5, 12);
  });
});
