import { ascendingOrder } from "./ascending-order.ts";

/** A position in the ring takes one byte. */
const MOST_NUMBERS = 256;
/** Fewer bytes than this are moved faster one by one. */
const FEW = 24;
/** Where the count and the next position are in the numbers of the state; the ring follows. */
const COUNT = 0;
const NEXT = 1;
const RING = 2;

/**
 * The medians of the last numbers over several windows, of at most 256 numbers each. The windows share
 * the numbers: each has only the order of those in it, as bytes. A push takes two binary searches and
 * one move of bytes for each window.
 *
 * Its state is a piece of an array of numbers and one of an array of bytes, so that one object can serve
 * many series, one after the other.
 */
export class NestedMedians {
  /** How many numbers and bytes the state has. */
  readonly width: number;
  readonly byteWidth: number;
  readonly #windows: readonly number[];
  /** Where the order of each window begins in the bytes of the state. */
  readonly #starts: readonly number[];
  readonly #largest: number;
  #numbers: Float64Array;
  #offset = 0;
  #bytes: Uint8Array;
  #byteOffset = 0;

  /** @param windows how many numbers each median is of. */
  constructor(windows: readonly number[]) {
    this.#windows = windows;
    this.#largest = Math.max(...windows);
    if (this.#largest > MOST_NUMBERS)
      throw new RangeError(`windows: expected at most ${MOST_NUMBERS}, got ${this.#largest}`);
    let length = 0;
    this.#starts = windows.map((window) => {
      length += window;
      return length - window;
    });
    this.width = RING + this.#largest;
    this.byteWidth = length;
    this.#numbers = new Float64Array(this.width);
    this.#bytes = new Uint8Array(length);
  }

  /** From now on these are the medians of the state that begins at two indices. */
  seek(numbers: Float64Array, offset: number, bytes: Uint8Array, byteOffset: number): void {
    this.#numbers = numbers;
    this.#offset = offset;
    this.#bytes = bytes;
    this.#byteOffset = byteOffset;
  }

  /** Forgets all numbers and takes others, oldest first. `NaN` is left out, here and in `push`. */
  begin(values: Float64Array): void {
    const known = newestOf(values, this.#largest);
    this.#numbers.set(known, this.#offset + RING);
    this.#count = known.length;
    this.#next = known.length % this.#largest;
    this.#sortAll(ascendingOrder(known));
  }

  /** Adds a number. */
  push(value: number): void {
    if (Number.isNaN(value)) return;
    const windows = this.#windows;
    for (let index = 0; index < windows.length; index += 1)
      this.#replaceOldest(
        this.#byteOffset + (this.#starts[index] as number),
        windows[index] as number,
        value,
      );
    const place = this.#next;
    this.#numbers[this.#offset + RING + place] = value;
    this.#next = place + 1 === this.#largest ? 0 : place + 1;
    if (this.#count < this.#largest) this.#count += 1;
  }

  /** Writes the medians in the order of the windows; `NaN` without numbers. */
  write(medians: Float64Array): void {
    const windows = this.#windows;
    const all = this.#count;
    for (let index = 0; index < windows.length; index += 1) {
      const count = Math.min(all, windows[index] as number);
      const middle = this.#byteOffset + (this.#starts[index] as number) + (count >> 1);
      const upper = this.#sortedAt(middle);
      const lower = count % 2 === 1 ? upper : this.#sortedAt(middle - 1);
      medians[index] = count === 0 ? Number.NaN : lower === upper ? upper : (lower + upper) / 2;
    }
  }

  /** An earlier number: the newest is 1 back. */
  back(numbers: number): number {
    const place = this.#next - numbers;
    return this.#numbers[this.#offset + RING + (place < 0 ? place + this.#largest : place)] as number;
  }

  get #count(): number {
    return this.#numbers[this.#offset + COUNT] as number;
  }

  set #count(count: number) {
    this.#numbers[this.#offset + COUNT] = count;
  }

  /** The position in the ring of the next number. */
  get #next(): number {
    return this.#numbers[this.#offset + NEXT] as number;
  }

  set #next(next: number) {
    this.#numbers[this.#offset + NEXT] = next;
  }

  /** The number whose position is at an index of the bytes. */
  #sortedAt(index: number): number {
    return this.#numbers[this.#offset + RING + (this.#bytes[index] as number)] as number;
  }

  /** Takes the oldest number out of a full window, and puts the new one in. */
  #replaceOldest(start: number, window: number, value: number): void {
    const count = Math.min(this.#count, window);
    const end = start + count;
    const hole = count === window ? this.#firstFrom(start, end, this.back(window)) : end;
    const above = this.#firstAbove(start, end, value);
    if (hole < above) {
      this.#move(hole + 1, above, -1);
      this.#bytes[above - 1] = this.#next;
    } else {
      this.#move(above, hole, 1);
      this.#bytes[above] = this.#next;
    }
  }

  /** Moves the positions of a range by one. */
  #move(from: number, to: number, by: 1 | -1): void {
    const bytes = this.#bytes;
    if (to - from > FEW) bytes.copyWithin(from + by, from, to);
    else if (by === 1) for (let at = to; at > from; at -= 1) bytes[at] = bytes[at - 1] as number;
    else for (let at = from; at < to; at += 1) bytes[at - 1] = bytes[at] as number;
  }

  /** Where the first number is that is not below a value. */
  #firstFrom(start: number, end: number, value: number): number {
    let low = start;
    let high = end;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sortedAt(middle) < value) low = middle + 1;
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
      if (this.#sortedAt(middle) <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #sortAll(order: Int32Array): void {
    for (const [index, window] of this.#windows.entries()) {
      let place = this.#byteOffset + (this.#starts[index] as number);
      for (const position of order)
        if (position >= order.length - window) this.#bytes[place++] = position;
    }
  }
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
