/**
 * For each number, the median of the `span` others nearest to it in their order: as many before as
 * after it, and at the ends of the list those that there are. With fewer others it is the median of
 * all, and with none it is 0. `span` is even.
 *
 * The others and the number itself are one window, which is kept in ascending order as it moves. The
 * median of the others is read off beside the number: nothing is sorted again for each number.
 *
 * @param count How many of the numbers are used.
 * @param into Takes the medians.
 */
export function mediansOfOthers(
  numbers: Float64Array,
  count: number,
  span: number,
  into: Float64Array,
): void {
  const half = span >> 1;
  const size = Math.min(count, span + 1);
  const window = windowOf(size);
  for (let index = 0; index < size; index++) insert(window, index, numbers[index] as number);
  for (let own = 0; own < count; own++) {
    if (own > half && own + half < count) {
      remove(window, size, numbers[own - half - 1] as number);
      insert(window, size - 1, numbers[own + half] as number);
    }
    into[own] = medianWithout(window, size, numbers[own] as number);
  }
}

/** Scratch: one call ends before the next begins. */
let scratch = new Float64Array(0);

function windowOf(size: number): Float64Array {
  if (scratch.length < size) scratch = new Float64Array(2 * size);
  return scratch;
}

/** Inserts a number into `count` ascending ones. */
function insert(window: Float64Array, count: number, number: number): void {
  let place = count;
  while (place > 0 && (window[place - 1] as number) > number) {
    window[place] = window[place - 1] as number;
    place--;
  }
  window[place] = number;
}

/** Removes a number, which must be there, from `count` ascending ones. */
function remove(window: Float64Array, count: number, number: number): void {
  for (let place = rankOf(window, number); place + 1 < count; place++)
    window[place] = window[place + 1] as number;
}

/** The median of `count` ascending numbers without one, which must be there. */
function medianWithout(window: Float64Array, count: number, number: number): number {
  if (count === 1) return 0;
  const rank = rankOf(window, number);
  const middle = (count - 1) >> 1;
  const upper = window[middle < rank ? middle : middle + 1] as number;
  if (count % 2 === 0) return upper;
  return ((window[middle - 1 < rank ? middle - 1 : middle] as number) + upper) / 2;
}

function rankOf(window: Float64Array, number: number): number {
  let rank = 0;
  while ((window[rank] as number) < number) rank++;
  return rank;
}
