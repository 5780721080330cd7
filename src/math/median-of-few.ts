/**
 * Median of a handful of numbers, which it leaves sorted: the first `count` of a buffer. The mean of the middle two when `count` is even,
 * 0 of none. Insertion sort: meant for up to about ten.
 */
export function medianOfFew(buffer: Float64Array, count: number): number {
  if (count === 0) return 0;
  for (let position = 1; position < count; position++) {
    const value = buffer[position] as number;
    let place = position;
    while (place > 0 && (buffer[place - 1] as number) > value) {
      buffer[place] = buffer[place - 1] as number;
      place--;
    }
    buffer[place] = value;
  }
  const middle = count >> 1;
  const upper = buffer[middle] as number;
  return count % 2 === 1 ? upper : ((buffer[middle - 1] as number) + upper) / 2;
}
