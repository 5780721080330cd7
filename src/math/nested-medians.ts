import { type OrderChange, SortedRing } from "./sorted-ring.ts";

/** The median of so few numbers is found faster by sorting them. */
const FEW_NUMBERS = 7;

// Scratch: the newest numbers, in order.
const few = new Float64Array(FEW_NUMBERS);

/**
 * The medians of the last numbers over several windows, of at most 256 numbers each. All numbers are in
 * one order, and each window knows where its median is in this order. A push takes two binary searches,
 * and moves each median to a neighbour at most. The numbers have single precision.
 *
 * Its state is a piece of an array of numbers and one of an array of bytes, so that one object can serve
 * many series, one after the other.
 */
export class NestedMedians {
  /** How many numbers and bytes the state has. */
  readonly width: number;
  readonly byteWidth: number;
  readonly #windows: readonly number[];
  readonly #ring: SortedRing;
  /**
   * For each window the index of its median in the order of the numbers: of the upper one if there are
   * two.
   */
  #medians: Uint8Array;
  #mediansAt = 0;
  /** Scratch for each window: an index in the order, and how many numbers of the window are before it. */
  readonly #border: Int32Array;
  readonly #below: Int32Array;

  /** @param windows how many numbers each median is of. */
  constructor(windows: readonly number[]) {
    this.#windows = windows;
    this.#ring = new SortedRing(Math.max(...windows));
    this.width = this.#ring.width;
    this.byteWidth = this.#ring.byteWidth + windows.length;
    this.#medians = new Uint8Array(windows.length);
    this.#border = new Int32Array(windows.length);
    this.#below = new Int32Array(windows.length);
  }

  /** From now on these are the medians of the state that begins at two indices. */
  seek(numbers: Float32Array, offset: number, bytes: Uint8Array, byteOffset: number): void {
    this.#ring.seek(numbers, offset, bytes, byteOffset);
    this.#medians = bytes;
    this.#mediansAt = byteOffset + this.#ring.byteWidth;
  }

  /** Forgets all numbers and takes others, oldest first. `NaN` is left out, here and in `push`. */
  begin(values: Float64Array): void {
    this.#ring.begin(newestOf(values, this.#ring.capacity));
    this.#border.fill(0);
    this.#below.fill(0);
    for (let index = 0; index < this.#windows.length; index += 1)
      if (this.#isFollowed(index)) this.#settle(index);
  }

  /** Adds a number. */
  push(number: number): void {
    if (Number.isNaN(number)) return;
    const value = Math.fround(number);
    const change = this.#ring.changeBy(value);
    for (let index = 0; index < this.#windows.length; index += 1)
      if (this.#isFollowed(index)) this.#prepare(index, change);
    const { count } = this.#ring;
    this.#ring.add(value, change);
    for (let index = 0; index < this.#windows.length; index += 1) {
      // A window that has just become full has all numbers.
      if (this.#windows[index] === count + 1) this.#border[index] = this.#below[index] = (count + 1) >> 1;
      if (this.#isFollowed(index)) this.#settle(index);
    }
  }

  /** Writes the medians in the order of the windows, from an index on; `NaN` without numbers. */
  write(medians: Float64Array, from = 0): void {
    for (let index = 0; index < this.#windows.length; index += 1)
      medians[from + index] = this.#medianOf(index);
  }

  /** An earlier number: the newest is 1 back. */
  back(steps: number): number {
    return this.#ring.back(steps);
  }

  /** Whether the median of a window is followed: the window is full, and has more than a few numbers. */
  #isFollowed(index: number): boolean {
    const size = this.#windows[index] as number;
    return size > FEW_NUMBERS && size <= this.#ring.count;
  }

  #medianOf(index: number): number {
    const size = Math.min(this.#ring.count, this.#windows[index] as number);
    if (size === 0) return Number.NaN;
    if (size <= FEW_NUMBERS) return this.#medianOfFew(size);
    const isFollowed = this.#isFollowed(index);
    const middle = isFollowed ? (this.#medians[this.#mediansAt + index] as number) : size >> 1;
    const upper = this.#ring.sortedAt(middle);
    if (size % 2 === 1) return upper;
    return middleOf(this.#ring.sortedAt(isFollowed ? this.#indexBefore(middle, size) : middle - 1), upper);
  }

  #medianOfFew(size: number): number {
    for (let taken = 0; taken < size; taken += 1) {
      const value = this.#ring.back(taken + 1);
      let place = taken;
      for (; place > 0 && (few[place - 1] as number) > value; place -= 1)
        few[place] = few[place - 1] as number;
      few[place] = value;
    }
    const upper = few[size >> 1] as number;
    return size % 2 === 1 ? upper : middleOf(few[(size >> 1) - 1] as number, upper);
  }

  /** Finds a border beside the median of a window, as it will be after a change of the order. */
  #prepare(index: number, { hole, at }: OrderChange): void {
    const size = this.#windows[index] as number;
    let border = this.#medians[this.#mediansAt + index] as number;
    let below = size >> 1;
    const median = this.#ring.placeOf(border);
    const leaving = this.#ring.placeBack(size);
    // Of equal numbers the oldest, which leaves, comes first.
    if (leaving !== median && this.#ring.numberAt(leaving) <= this.#ring.numberAt(median)) below -= 1;
    if (hole < border) border -= 1;
    if (at <= border) {
      border += 1;
      below += 1;
    }
    this.#border[index] = border;
    this.#below[index] = below;
  }

  /** Finds the median of a window, from its border on. */
  #settle(index: number): void {
    const size = this.#windows[index] as number;
    const half = size >> 1;
    let border = this.#border[index] as number;
    let below = this.#below[index] as number;
    for (; below > half; below -= 1) border = this.#indexBefore(border, size);
    for (; below < half; below += 1) border = this.#indexFrom(border, size) + 1;
    this.#medians[this.#mediansAt + index] = this.#indexFrom(border, size);
  }

  /** The next index of a number of a window, from an index on. */
  #indexFrom(from: number, size: number): number {
    const newest = this.#ring.placeBack(1);
    let index = from;
    while (this.#ring.ageOf(index, newest) >= size) index += 1;
    return index;
  }

  #indexBefore(before: number, size: number): number {
    const newest = this.#ring.placeBack(1);
    let index = before - 1;
    while (this.#ring.ageOf(index, newest) >= size) index -= 1;
    return index;
  }
}

function middleOf(lower: number, upper: number): number {
  return lower === upper ? upper : (lower + upper) / 2;
}

/** The newest numbers that are no `NaN`, at most `most`, oldest first. */
function newestOf(values: Float64Array, most: number): Float64Array {
  const newest = new Float64Array(most);
  let first = most;
  for (let index = values.length - 1; index >= 0 && first > 0; index -= 1)
    if (!Number.isNaN(values[index] as number)) newest[--first] = values[index] as number;
  return newest.subarray(first);
}
