/**
 * The number that `rank` of the first `count` numbers of a buffer are not above: 0 gives the smallest.
 * It changes the order of the buffer. There may be no `NaN`. O(count) on average: Hoare's selection,
 * with the middle of three as the pivot. https://en.wikipedia.org/wiki/Quickselect
 */
export function nthSmallest(buffer: Float64Array, count: number, rank: number): number {
  let first = 0;
  let last = count - 1;
  while (first < last) {
    const pivot = middleOf(
      buffer[first] as number,
      buffer[(first + last) >> 1] as number,
      buffer[last] as number,
    );
    let low = first;
    let high = last;
    while (low <= high) {
      while ((buffer[low] as number) < pivot) low++;
      while ((buffer[high] as number) > pivot) high--;
      if (low > high) break;
      const moved = buffer[low] as number;
      buffer[low++] = buffer[high] as number;
      buffer[high--] = moved;
    }
    if (rank <= high) last = high;
    else if (rank >= low) first = low;
    else return pivot;
  }
  return buffer[rank] as number;
}

function middleOf(a: number, b: number, c: number): number {
  if (a < b) return b < c ? b : Math.max(a, c);
  return a < c ? a : Math.max(b, c);
}
