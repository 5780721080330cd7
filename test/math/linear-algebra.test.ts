import { describe, expect, it } from "vitest";
import { minimise } from "../../src/math/minimise.ts";
import { dot, robustRidge } from "../../src/math/robust-ridge.ts";
import { solvePositiveDefinite } from "../../src/math/solve-positive-definite.ts";
import { reference } from "../fixtures/r/reference.ts";

const rows = (matrix: readonly number[][]): Float64Array[] => matrix.map((row) => Float64Array.from(row));

describe("solvePositiveDefinite", () => {
  it("agrees with R's solve", () => {
    const { matrix, right, solution } = reference.linearSystem;
    const found = solvePositiveDefinite(rows(matrix), Float64Array.from(right));
    found.forEach((value, index) => {
      expect(value).toBeCloseTo(solution[index] as number, 9);
    });
  });

  it("stays finite when the matrix is singular", () => {
    const found = solvePositiveDefinite(
      rows([
        [1, 1],
        [1, 1],
      ]),
      Float64Array.of(1, 1),
    );
    expect(found.every(Number.isFinite)).toBe(true);
    expect((found[0] as number) + (found[1] as number)).toBeCloseTo(1, 6);
  });
});

describe("robustRidge", () => {
  const features = Array.from({ length: 40 }, (_, index) =>
    Float64Array.of(Math.sin(index), Math.cos(index * 0.7)),
  );
  const targets = Float64Array.from(features, (row) => dot(row, Float64Array.of(3, -2)));

  it("finds exact coefficients without a penalty", () => {
    const [first, second] = robustRidge(features, targets, 0);
    expect(first).toBeCloseTo(3, 9);
    expect(second).toBeCloseTo(-2, 9);
  });

  it("is hardly moved by outliers", () => {
    const spoilt = targets.map((target, index) => (index % 10 === 0 ? target + 100 : target));
    const [first, second] = robustRidge(features, spoilt, 0);
    expect(Math.abs((first as number) - 3)).toBeLessThan(1);
    expect(Math.abs((second as number) + 2)).toBeLessThan(1);
  });

  it("weighs the penalty as points with target 0: as many as there are points halve a coefficient", () => {
    const alternating = Array.from({ length: 30 }, (_, index) => Float64Array.of(index % 2 === 0 ? 1 : -1));
    const same = Float64Array.from(alternating, (row) => 4 * (row[0] as number));
    // Every point has the same residual, so all weights are equal, that of the penalty too.
    const [first] = robustRidge(alternating, same, 30);
    expect(first).toBeCloseTo(2, 12);
  });
});

describe("minimise", () => {
  it("agrees with R's optimize", () => {
    expect(minimise((x) => x ** 4 - 3 * x, 0, 2, 1e-9)).toBeCloseTo(reference.minimum, 6);
  });

  it("finds a minimum at an end", () => {
    expect(minimise((x) => x, 0.5, 1, 1e-6)).toBeCloseTo(0.5, 5);
    expect(minimise((x) => -x, 0.5, 1, 1e-6)).toBeCloseTo(1, 5);
  });
});
