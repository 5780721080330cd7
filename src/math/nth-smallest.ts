import { quickselect } from "simple-statistics";

/**
 * The number that `rank` of the first `count` numbers of a buffer are not above: 0 gives the smallest.
 * It changes the order of the buffer. There may be no `NaN`. O(count) on average.
 */
export function nthSmallest(buffer: Float64Array, count: number, rank: number): number {
  const numbers = buffer.subarray(0, count);
  quickselect(numbers as unknown as number[], rank);
  return numbers[rank] as number;
}
