import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Sample } from "../../src/core/sample.ts";
import { FOLD_KINDS, FOLDS, type FoldKind } from "../../src/series/fold.ts";

function foldOf(kind: FoldKind, [first, ...rest]: readonly [Sample, ...Sample[]]): number {
  let { value, at } = first;
  for (const [index, sample] of rest.entries()) {
    value = FOLDS[kind](value, index + 1, at, sample);
    at = Math.max(at, sample.at);
  }
  return value;
}

function folded(kind: FoldKind, values: readonly number[]): number {
  return foldOf(kind, values.map((value, at) => ({ at, value })) as [Sample, ...Sample[]]);
}

/** Any finite number except -0, which a sum with 0 turns into 0. */
const anyNumber = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);

describe("folds", () => {
  it.each([
    ["mean", 2],
    ["max", 4],
    ["last", 1],
    ["sum", 6],
  ] as const)("%s of 1, 4 and 1 is %s", (kind, expected) => {
    expect(folded(kind, [1, 4, 1])).toBeCloseTo(expected, 12);
  });

  it("keeps the later of two samples as the last, in any order", () => {
    const first = { at: 20, value: 2 };
    expect(foldOf("last", [first, { at: 10, value: 1 }])).toBe(2);
    expect(foldOf("last", [first, { at: 20, value: 3 }])).toBe(3);
  });

  it("has exactly the common value of all samples as mean, max and last", () => {
    fc.assert(
      fc.property(anyNumber, fc.integer({ min: 1, max: 20 }), (value, n) => {
        for (const kind of ["mean", "max", "last"] as const) {
          expect(folded(kind, new Array<number>(n).fill(value))).toBe(value);
        }
      }),
    );
  });

  it("stays finite and, except for the sum, within the range of the samples", () => {
    const values = fc.array(anyNumber, {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(values, (samples) => {
        const slack = 1e-12 * Math.max(...samples.map(Math.abs));
        for (const kind of FOLD_KINDS) {
          const value = folded(kind, samples);
          expect(Number.isFinite(value)).toBe(true);
          if (kind === "sum") continue;
          expect(value).toBeLessThanOrEqual(Math.max(...samples) + slack);
          expect(value).toBeGreaterThanOrEqual(Math.min(...samples) - slack);
        }
      }),
    );
  });
});
