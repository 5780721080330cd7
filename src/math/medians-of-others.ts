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
    if (own > half && own + half < count)
      replace(window, size, numbers[own - half - 1] as number, numbers[own + half] as number);
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

/** Replaces a number, which must be there, in ascending ones: those in between move by one. */
function replace(window: Float64Array, count: number, leaving: number, number: number): void {
  let place = 0;
  while ((window[place] as number) < leaving) place++;
  for (; place + 1 < count && (window[place + 1] as number) < number; place++)
    window[place] = window[place + 1] as number;
  for (; place > 0 && (window[place - 1] as number) > number; place--)
    window[place] = window[place - 1] as number;
  window[place] = number;
}

/** The median of `count` ascending numbers without one, which must be there. */
function medianWithout(window: Float64Array, count: number, number: number): number {
  if (count === 1) return 0;
  const middle = (count - 1) >> 1;
  const upper = withoutAt(window, middle, number);
  return count % 2 === 0 ? upper : (withoutAt(window, middle - 1, number) + upper) / 2;
}

/** The number at an index of ascending numbers without one of them, which need not be looked for. */
function withoutAt(window: Float64Array, index: number, number: number): number {
  const found = window[index] as number;
  return found < number ? found : (window[index + 1] as number);
}
