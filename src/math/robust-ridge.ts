import { solvePositiveDefinite } from "./solve-positive-definite.ts";

/** Times that the weights of the points are set anew. */
const ROUNDS = 2;
/** Share of the usual miss up to which points count about alike. */
const SOFTNESS = 0.1;

/**
 * Ridge regression without intercept that outliers do not rule: least squares with a penalty on the squared coefficients, repeated with weights
 * that fall with the distance (iteratively reweighted least squares). `penalty` counts as so many points that
 * say 0.
 * Costs points x features squared. https://en.wikipedia.org/wiki/Ridge_regression
 */
export function robustRidge(
  features: readonly Float64Array[],
  targets: Float64Array,
  penalty: number,
): Float64Array {
  const weights = new Float64Array(targets.length).fill(1);
  let coefficients = weightedRidge(features, targets, weights, penalty);
  for (let round = 0; round < ROUNDS; round++) {
    const misses = targets.map((target, row) =>
      Math.abs(target - dot(features[row] as Float64Array, coefficients)),
    );
    const usual = misses.reduce((sum, miss) => sum + miss, 0) / misses.length;
    if (!(usual > 0)) break;
    misses.forEach((miss, row) => {
      weights[row] = 1 / (SOFTNESS + miss / usual);
    });
    coefficients = weightedRidge(features, targets, weights, penalty);
  }
  return coefficients;
}

/** Sum of the products of the features and their coefficients. */
export function dot(features: Float64Array, coefficients: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < features.length; index++) {
    sum += (features[index] as number) * (coefficients[index] as number);
  }
  return sum;
}

function weightedRidge(
  features: readonly Float64Array[],
  targets: Float64Array,
  weights: Float64Array,
  penalty: number,
): Float64Array {
  const size = features[0]?.length ?? 0;
  const matrix = Array.from({ length: size }, () => new Float64Array(size));
  const right = new Float64Array(size);
  features.forEach((row, index) => {
    const weight = weights[index] as number;
    for (let i = 0; i < size; i++) {
      const weighted = weight * (row[i] as number);
      const line = matrix[i] as Float64Array;
      (right[i] as number) += weighted * (targets[index] as number);
      for (let j = 0; j <= i; j++) (line[j] as number) += weighted * (row[j] as number);
    }
  });
  const squares = matrix.reduce((sum, row, index) => sum + (row[index] as number), 0);
  const meanSquare = squares / size / features.length;
  matrix.forEach((row, index) => {
    (row[index] as number) += penalty * meanSquare;
  });
  return solvePositiveDefinite(matrix, right);
}
