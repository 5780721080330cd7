import fc from "fast-check";
import { expect, it } from "vitest";
import { AgeWeights } from "../../src/forecast/age-weights.ts";

it("halve with each half-life, in whatever order they are asked for", () => {
  const ages = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1 });
  fc.assert(
    fc.property(ages, fc.integer({ min: 1, max: 500 }), (asked, halfLife) => {
      const weights = new AgeWeights(halfLife);
      for (const age of asked) expect(weights.of(age)).toBe(0.5 ** (age / halfLife));
    }),
  );
});
