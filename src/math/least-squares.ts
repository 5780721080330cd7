import { solvePositiveDefinite } from "./solve-positive-definite.ts";

/** A residual and its derivative by each parameter. */
export interface Residual {
  readonly value: number;
  readonly slopes: readonly number[];
}

/** The parameters with the smallest sum of squares, and their uncertainty. */
export interface LeastSquares {
  readonly parameters: readonly number[];
  readonly sumOfSquares: number;
  /**
   * Covariance of the parameters, from the curvature at the minimum and the variance of the
   * residuals.
   */
  readonly covariance: readonly (readonly number[])[];
}

const MAX_STEPS = 100;
/** The search ends when a step changes every parameter by less than this share of it. */
const TOLERANCE = 1e-10;

/**
 * Nonlinear least squares by the Levenberg-Marquardt method, with Marquardt's scaling by the
 * diagonal. Each step is a Gauss-Newton step, shortened towards steepest descent until it leads
 * downhill. O(residuals * parameters^2) a step.
 *
 * The covariance is linearised: s^2 (J'J)^-1 with s^2 = sum of squares / (residuals - parameters).
 * https://en.wikipedia.org/wiki/Levenberg%E2%80%93Marquardt_algorithm
 */
export function leastSquares(
  residualsAt: (parameters: readonly number[]) => readonly Residual[],
  start: readonly number[],
): LeastSquares {
  let parameters = start;
  let residuals = residualsAt(parameters);
  let sumOfSquares = squares(residuals);
  let damping = 1e-3;
  for (let step = 0; step < MAX_STEPS && damping < 1e12; step += 1) {
    const change = solveScaled(normalMatrix(residuals, parameters.length), gradient(residuals), damping);
    const next = parameters.map((value, index) => value - (change[index] as number));
    const nextResiduals = residualsAt(next);
    const nextSum = squares(nextResiduals);
    if (!(nextSum <= sumOfSquares)) {
      damping *= 10;
      continue;
    }
    const isSettled = next.every(
      (value, index) => Math.abs(change[index] as number) <= TOLERANCE * (Math.abs(value) + TOLERANCE),
    );
    parameters = next;
    residuals = nextResiduals;
    sumOfSquares = nextSum;
    damping /= 10;
    if (isSettled) break;
  }
  return { parameters, sumOfSquares, covariance: covarianceOf(residuals, parameters.length, sumOfSquares) };
}

function covarianceOf(residuals: readonly Residual[], size: number, sumOfSquares: number): number[][] {
  const matrix = normalMatrix(residuals, size);
  const variance = sumOfSquares / (residuals.length - size);
  const columns = matrix.map((_, column) =>
    solveScaled(
      matrix,
      matrix.map((__, row) => (row === column ? 1 : 0)),
      0,
    ),
  );
  return columns.map((column) => column.map((value) => value * variance));
}

/** The matrix J'J. */
function normalMatrix(residuals: readonly Residual[], size: number): number[][] {
  const matrix = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (const { slopes } of residuals) {
    for (let row = 0; row < size; row += 1) {
      const ofRow = matrix[row] as number[];
      for (let column = 0; column < size; column += 1)
        ofRow[column] = (ofRow[column] as number) + (slopes[row] as number) * (slopes[column] as number);
    }
  }
  return matrix;
}

/** The vector J'r. */
function gradient(residuals: readonly Residual[]): number[] {
  const size = residuals[0]?.slopes.length ?? 0;
  return Array.from({ length: size }, (_, index) =>
    residuals.reduce((sum, { value, slopes }) => sum + value * (slopes[index] as number), 0),
  );
}

/** Solves with a diagonal of 1 + damping, so that the scale of the parameters does not matter. */
function solveScaled(matrix: readonly number[][], right: readonly number[], damping: number): number[] {
  const scale = matrix.map((row, index) => 1 / Math.sqrt(Math.max(row[index] as number, Number.MIN_VALUE)));
  const scaled = matrix.map((row, index) =>
    Float64Array.from(
      row,
      (value, column) =>
        value * (scale[index] as number) * (scale[column] as number) + (index === column ? damping : 0),
    ),
  );
  const solution = solvePositiveDefinite(
    scaled,
    Float64Array.from(right, (value, index) => value * (scale[index] as number)),
  );
  return Array.from(solution, (value, index) => value * (scale[index] as number));
}

function squares(residuals: readonly Residual[]): number {
  return residuals.reduce((sum, { value }) => sum + value * value, 0);
}
