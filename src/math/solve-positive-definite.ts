/**
 * Solves A x = b for a symmetric positive definite A by Cholesky decomposition. Reads only the
 * lower triangle of A, and changes neither A nor b. A pivot that is not positive is replaced by a
 * tiny one, so that a singular A gives finite numbers when b allows it.
 * https://en.wikipedia.org/wiki/Cholesky_decomposition
 */
export function solvePositiveDefinite(matrix: readonly Float64Array[], right: Float64Array): Float64Array {
  const size = right.length;
  const lower = matrix.map((row) => Float64Array.from(row));
  const at = (row: number, column: number): number => (lower[row] as Float64Array)[column] as number;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = at(row, column);
      for (let before = 0; before < column; before++) sum -= at(row, before) * at(column, before);
      (lower[row] as Float64Array)[column] =
        row === column ? Math.sqrt(Math.max(sum, Number.EPSILON)) : sum / at(column, column);
    }
  }
  const solution = Float64Array.from(right);
  for (let row = 0; row < size; row++) {
    let sum = solution[row] as number;
    for (let before = 0; before < row; before++) sum -= at(row, before) * (solution[before] as number);
    solution[row] = sum / at(row, row);
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = solution[row] as number;
    for (let after = row + 1; after < size; after++) sum -= at(after, row) * (solution[after] as number);
    solution[row] = sum / at(row, row);
  }
  return solution;
}
