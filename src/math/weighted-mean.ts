/** The mean of values with weights, which are the numbers of an array from an index on. */
export function weightedMean(values: Float64Array, weights: Float64Array, firstWeight: number): number {
  let sum = 0;
  let total = 0;
  for (let index = 0; index < values.length; index += 1) {
    const weight = weights[firstWeight + index] as number;
    sum += (values[index] as number) * weight;
    total += weight;
  }
  return sum / total;
}
