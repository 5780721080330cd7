import { ascendingOrder } from "./ascending-order.ts";

/** Where the order of each window is among those of all. Instances with the same windows share it. */
interface Layout {
  readonly windows: readonly number[];
  readonly starts: readonly number[];
  readonly length: number;
  readonly largest: number;
}

/** A position in the ring takes one byte. */
const MOST_NUMBERS = 256;
const FIRST_CAPACITY = 16;
/** Fewer bytes than this are moved faster one by one. */
const FEW = 24;
const layouts = new Map<string, Layout>();

/**
 * The medians of the last numbers over several windows, of at most 256 numbers each. The windows share
 * the numbers: each has only the order of those in it, as bytes. A push takes two binary searches and
 * one move of bytes for each window.
 */
export class NestedMedians {
  readonly #layout: Layout;
  /** The numbers in a ring. It grows until it holds the largest window. */
  #arrived: Float64Array;
  /** For each window the positions of its numbers in the ring: ascending, and equal ones by age. */
  readonly #sorted: Uint8Array;
  #count: number;
  #next: number;

  /**
   * @param windows how many numbers each median is of.
   * @param values the numbers so far, oldest first. `NaN` is left out, here and in `push`.
   */
  constructor(windows: readonly number[], values: Float64Array) {
    this.#layout = layoutOf(windows);
    const { largest, length } = this.#layout;
    const known = newestOf(values, largest);
    this.#count = known.length;
    const capacity = Math.min(largest, Math.max(FIRST_CAPACITY, known.length));
    this.#arrived = new Float64Array(capacity);
    this.#arrived.set(known);
    this.#next = known.length % capacity;
    this.#sorted = new Uint8Array(length);
    this.#sortAll();
  }

  /** Adds a number. */
  push(value: number): void {
    if (Number.isNaN(value)) return;
    const { windows, starts, largest } = this.#layout;
    if (this.#count === this.#arrived.length && this.#count < largest) this.#grow();
    for (let index = 0; index < windows.length; index += 1)
      this.#replaceOldest(starts[index] as number, windows[index] as number, value);
    const place = this.#next;
    this.#arrived[place] = value;
    this.#next = place + 1 === this.#arrived.length ? 0 : place + 1;
    if (this.#count < largest) this.#count += 1;
  }

  /** Writes the medians in the order of the windows; `NaN` without numbers. */
  write(medians: Float64Array): void {
    const { windows, starts } = this.#layout;
    const sorted = this.#sorted;
    const arrived = this.#arrived;
    for (let index = 0; index < windows.length; index += 1) {
      const count = Math.min(this.#count, windows[index] as number);
      const middle = (starts[index] as number) + (count >> 1);
      const upper = arrived[sorted[middle] as number] as number;
      const lower = count % 2 === 1 ? upper : (arrived[sorted[middle - 1] as number] as number);
      medians[index] = count === 0 ? Number.NaN : lower === upper ? upper : (lower + upper) / 2;
    }
  }

  /** Takes the oldest number out of a full window, and puts the new one in. */
  #replaceOldest(start: number, window: number, value: number): void {
    const sorted = this.#sorted;
    const count = Math.min(this.#count, window);
    const end = start + count;
    const hole = count === window ? this.#firstFrom(start, end, this.#back(window)) : end;
    const above = this.#firstAbove(start, end, value);
    if (hole < above) {
      this.#move(hole + 1, above, -1);
      sorted[above - 1] = this.#next;
    } else {
      this.#move(above, hole, 1);
      sorted[above] = this.#next;
    }
  }

  /** Moves the positions of a range by one. */
  #move(from: number, to: number, by: 1 | -1): void {
    const sorted = this.#sorted;
    if (to - from > FEW) sorted.copyWithin(from + by, from, to);
    else if (by === 1) for (let at = to; at > from; at -= 1) sorted[at] = sorted[at - 1] as number;
    else for (let at = from; at < to; at += 1) sorted[at - 1] = sorted[at] as number;
  }

  /** A number before the next one: the newest number is 1 back. */
  #back(numbers: number): number {
    const place = this.#next - numbers;
    return this.#arrived[place < 0 ? place + this.#arrived.length : place] as number;
  }

  /** Where the first number is that is not below a value. */
  #firstFrom(start: number, end: number, value: number): number {
    let low = start;
    let high = end;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#arrived[this.#sorted[middle] as number] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Where the first number is that is above a value. */
  #firstAbove(start: number, end: number, value: number): number {
    let low = start;
    let high = end;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#arrived[this.#sorted[middle] as number] as number) <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Only a ring that begins at its first place is full and still grows. */
  #grow(): void {
    const grown = new Float64Array(Math.min(2 * this.#count, this.#layout.largest));
    grown.set(this.#arrived);
    this.#arrived = grown;
    this.#next = this.#count;
  }

  #sortAll(): void {
    const order = ascendingOrder(this.#arrived.subarray(0, this.#count));
    const { windows, starts } = this.#layout;
    for (const [index, window] of windows.entries()) {
      let place = starts[index] as number;
      for (const position of order) if (position >= this.#count - window) this.#sorted[place++] = position;
    }
  }
}

function layoutOf(windows: readonly number[]): Layout {
  const key = windows.join();
  let layout = layouts.get(key);
  if (layout === undefined) {
    const largest = Math.max(...windows);
    if (largest > MOST_NUMBERS)
      throw new RangeError(`windows: expected at most ${MOST_NUMBERS}, got ${largest}`);
    let length = 0;
    const starts: number[] = [];
    for (const window of windows) {
      starts.push(length);
      length += window;
    }
    layout = { windows: [...windows], starts, length, largest };
    layouts.set(key, layout);
  }
  return layout;
}

/** The newest numbers, oldest first. */
function newestOf(values: Float64Array, most: number): Float64Array {
  const newest = new Float64Array(most);
  let first = most;
  for (let index = values.length - 1; index >= 0 && first > 0; index -= 1) {
    const value = values[index] as number;
    if (!Number.isNaN(value)) newest[--first] = value;
  }
  return newest.subarray(first);
}
