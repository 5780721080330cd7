/**
 * Median of the first `count` numbers of a buffer, which it sorts. For an even `count` it is the
 * mean of the middle two; for none it is 0. Insertion sort, meant for up to about ten numbers.
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
