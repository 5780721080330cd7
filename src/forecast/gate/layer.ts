/** One layer of a small net: a weighted sum of all inputs for each output, plus a constant. */
export interface Layer {
  readonly rows: number;
  readonly columns: number;
  /** The weights of the first output, then of the second, and so on. */
  readonly weights: Float32Array;
  readonly biases: Float32Array;
}

/**
 * Adds the weighted sums of some inputs to `into`, which holds a number for each output.
 *
 * @param from The column of the first of these inputs.
 */
export function addWeighted(layer: Layer, inputs: Float32Array, from: number, into: Float64Array): void {
  const { rows, columns, weights } = layer;
  for (let row = 0; row < rows; row++) {
    const first = row * columns + from;
    let sum = into[row] as number;
    for (let column = 0; column < inputs.length; column++)
      sum += (weights[first + column] as number) * (inputs[column] as number);
    into[row] = sum;
  }
}

/** The sums where they are above 0, otherwise 0. */
export function rectify(sums: Float64Array, into: Float32Array): void {
  for (let index = 0; index < into.length; index++) into[index] = Math.max(0, sums[index] as number);
}
