import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { roundedPath } from "../../../src/commands/forecast/rounded-path.ts";
import type { PredictedPath } from "../../../src/core/model.ts";

function pathOf(mean: number, half80: number, half95: number): PredictedPath {
  return {
    mean: Float64Array.of(mean),
    lower80: Float64Array.of(mean - half80),
    upper80: Float64Array.of(mean + half80),
    lower95: Float64Array.of(mean - half95),
    upper95: Float64Array.of(mean + half95),
  };
}

const shown = (path: PredictedPath): number[] =>
  [path.lower95, path.lower80, path.mean, path.upper80, path.upper95].map(([value]) => value as number);

describe("a rounded forecast", () => {
  it("has a ten-thousandth of the interval as its last digit", () => {
    expect(shown(roundedPath(pathOf(61.23456789, 1.2345678, 2.3456789)))).toEqual([
      58.8889, 60, 61.2346, 62.4691, 63.5802,
    ]);
    expect(shown(roundedPath(pathOf(1_767_225_612_345.67, 4e6, 6e6)))).toEqual([
      1_767_219_612_000, 1_767_221_612_000, 1_767_225_612_000, 1_767_229_612_000, 1_767_231_612_000,
    ]);
  });

  it("has no rounding errors where the interval has no width", () => {
    const path = pathOf(9.000000000000002, 0, 0);
    expect(shown(roundedPath({ ...path, lower80: Float64Array.of(8.999999999999998) }))).toEqual([
      9, 9, 9, 9, 9,
    ]);
    expect(shown(roundedPath(pathOf(0, 0, 0)))).toEqual([0, 0, 0, 0, 0]);
  });

  it("has bounds in order, near those that were given, whatever their size", () => {
    const size = fc.double({ min: 0, max: 1e300, noNaN: true, noDefaultInfinity: true });
    const mean = fc.double({ min: -1e300, max: 1e300, noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(mean, size, size, (centre, one, other) => {
        const path = pathOf(centre, Math.min(one, other), Math.max(one, other));
        const given = shown(path);
        const rounded = shown(roundedPath(path));
        const allowed = Math.max(
          1e-4 * ((given[4] as number) - (given[0] as number)),
          1e-11 * Math.max(...given.map(Math.abs)),
        );
        for (const [index, value] of rounded.entries()) {
          expect(Math.abs(value - (given[index] as number))).toBeLessThanOrEqual(allowed);
          if (index > 0) expect(value).toBeGreaterThanOrEqual(rounded[index - 1] as number);
        }
      }),
    );
  });
});
