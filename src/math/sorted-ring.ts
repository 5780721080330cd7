import { ascendingOrder } from "./ascending-order.ts";

/** A position in the ring takes one byte. */
const MOST_NUMBERS = 256;
/** Fewer bytes than this are moved faster one by one. */
const FEW_BYTES = 24;
/** Where the count and the next position are in the numbers of the state; the ring follows. */
const COUNT = 0;
const NEXT = 1;
const RING = 2;

/** A change of the order. */
export interface OrderChange {
  /** The index of the number that leaves, or the count if none does. */
  readonly hole: number;
  /** The index of the new number among those that stay. */
  readonly at: number;
}

/**
 * The last numbers of a sequence, at most 256, in the order of their arrival and in ascending order.
 * Equal ones are in ascending order of their arrival. They have single precision: half the memory of
 * doubles, and relative errors of 6e-8.
 *
 * Its state is a piece of an array of numbers and one of an array of bytes, so that one object can serve
 * many sequences, one after the other.
 */
export class SortedRing {
  /** How many numbers and bytes the state has. */
  readonly width: number;
  readonly byteWidth: number;
  /** How many numbers it has at most. */
  readonly capacity: number;
  #numbers: Float32Array;
  #offset = 0;
  /** The positions in the ring, in ascending order of the numbers. */
  #bytes: Uint8Array;
  #byteOffset = 0;

  constructor(capacity: number) {
    if (capacity > MOST_NUMBERS)
      throw new RangeError(`windows: expected at most ${MOST_NUMBERS}, got ${capacity}`);
    this.capacity = capacity;
    this.width = RING + capacity;
    this.byteWidth = capacity;
    this.#numbers = new Float32Array(this.width);
    this.#bytes = new Uint8Array(this.byteWidth);
  }

  /** From now on these are the numbers of the state that begins at two indices. */
  seek(numbers: Float32Array, offset: number, bytes: Uint8Array, byteOffset: number): void {
    this.#numbers = numbers;
    this.#offset = offset;
    this.#bytes = bytes;
    this.#byteOffset = byteOffset;
  }

  /** Forgets all numbers and takes the newest of others, which are no `NaN`. Oldest first. */
  begin(values: Float64Array): void {
    const newest = new Float32Array(values.subarray(-this.capacity));
    this.#numbers.set(newest, this.#offset + RING);
    this.#numbers[this.#offset + COUNT] = newest.length;
    this.#numbers[this.#offset + NEXT] = newest.length % this.capacity;
    this.#bytes.set(ascendingOrder(new Float64Array(newest)), this.#byteOffset);
  }

  get count(): number {
    return this.#numbers[this.#offset + COUNT] as number;
  }

  /** An earlier number: the newest is 1 back. */
  back(steps: number): number {
    return this.numberAt(this.placeBack(steps));
  }

  /** Its position in the ring. */
  placeBack(steps: number): number {
    const place = (this.#numbers[this.#offset + NEXT] as number) - steps;
    return place < 0 ? place + this.capacity : place;
  }

  /** The number at a position in the ring. */
  numberAt(place: number): number {
    return this.#numbers[this.#offset + RING + place] as number;
  }

  /** The position in the ring of the number at an index of the ascending order. */
  placeOf(index: number): number {
    return this.#bytes[this.#byteOffset + index] as number;
  }

  /** The number at an index of the ascending order. */
  sortedAt(index: number): number {
    return this.numberAt(this.placeOf(index));
  }

  /** How many numbers have arrived after the one with an index. */
  ageOf(index: number, newestPlace: number): number {
    const age = newestPlace - this.placeOf(index);
    return age < 0 ? age + this.capacity : age;
  }

  /** What a number of single precision would change. */
  changeBy(value: number): OrderChange {
    const { count } = this;
    const hole = count === this.capacity ? this.#firstFrom(this.back(count)) : count;
    const above = this.#firstAbove(value);
    return { hole, at: hole < above ? above - 1 : above };
  }

  /** Adds this number. */
  add(value: number, { hole, at }: OrderChange): void {
    const place = this.#numbers[this.#offset + NEXT] as number;
    this.#moveBytes(this.#byteOffset + hole, this.#byteOffset + at);
    this.#bytes[this.#byteOffset + at] = place;
    this.#numbers[this.#offset + RING + place] = value;
    this.#numbers[this.#offset + NEXT] = place + 1 === this.capacity ? 0 : place + 1;
    this.#numbers[this.#offset + COUNT] = Math.min(this.capacity, this.count + 1);
  }

  /** Moves the bytes between a hole and a place by one, so that the place is free. */
  #moveBytes(hole: number, place: number): void {
    const bytes = this.#bytes;
    if (hole - place > FEW_BYTES) bytes.copyWithin(place + 1, place, hole);
    else if (place - hole > FEW_BYTES) bytes.copyWithin(hole, hole + 1, place + 1);
    else if (hole < place)
      for (let index = hole; index < place; index += 1) bytes[index] = bytes[index + 1] as number;
    else for (let index = hole; index > place; index -= 1) bytes[index] = bytes[index - 1] as number;
  }

  /** The index of the first number that is not below a value. */
  #firstFrom(value: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sortedAt(middle) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The index of the first number that is above a value. */
  #firstAbove(value: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.sortedAt(middle) <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
