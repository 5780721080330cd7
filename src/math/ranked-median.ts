import { ascendingOrder } from "./ascending-order.ts";

const BITS = 32;

/** Numbers that are all known in advance, none of them `NaN`, and the rank of each. */
export class RankedNumbers {
  readonly ascending: Float64Array;
  /** The index in `ascending` of each number. */
  readonly ranks: Int32Array;

  constructor(numbers: Float64Array) {
    const order = ascendingOrder(numbers);
    this.ascending = new Float64Array(order.length);
    this.ranks = new Int32Array(order.length);
    for (let rank = 0; rank < order.length; rank++) {
      const index = order[rank] as number;
      this.ascending[rank] = numbers[index] as number;
      this.ranks[index] = rank;
    }
  }
}

/**
 * Median of the last `size` numbers, as it moves along numbers that are known in advance. A step takes
 * constant time, because the window is a set of ranks: one bit for each. A median takes a search
 * through the counts of 32 bits at a time.
 */
export class RankedMedian {
  readonly #ranked: RankedNumbers;
  #size: number;
  readonly #bits: Int32Array;
  /** How many bits of each element of `#bits` are set. */
  readonly #counts: Int32Array;
  #taken = 0;

  constructor(ranked: RankedNumbers, size: number) {
    const elements = Math.ceil(ranked.ranks.length / BITS);
    this.#ranked = ranked;
    this.#size = size;
    const both = new Int32Array(2 * elements);
    this.#bits = both.subarray(0, elements);
    this.#counts = both.subarray(elements);
  }

  /** Begins again, as the median of another number of values. */
  restart(size: number): void {
    this.#size = size;
    this.#taken = 0;
    this.#bits.fill(0);
    this.#counts.fill(0);
  }

  /** Writes the median after each of these counts of numbers, which ascend. */
  follow(counts: Int32Array, medians: Float64Array): void {
    for (let index = 0; index < counts.length; index++) {
      this.takeUpTo(counts[index] as number);
      medians[index] = this.median;
    }
  }

  /** Takes numbers until `count` have been taken. */
  takeUpTo(count: number): void {
    const { ranks } = this.#ranked;
    for (let next = this.#taken; next < count; next++) {
      if (next >= this.#size) this.#remove(ranks[next - this.#size] as number);
      this.#add(ranks[next] as number);
    }
    this.#taken = Math.max(this.#taken, count);
  }

  /** The median. For an even count it is the mean of the middle two; for none it is `NaN`. */
  get median(): number {
    const { count } = this;
    if (count === 0) return Number.NaN;
    const middle = count >> 1;
    const upper = this.#smallest(middle);
    return count % 2 === 1 ? upper : (this.#smallest(middle - 1) + upper) / 2;
  }

  /** How many numbers the window holds. */
  get count(): number {
    return Math.min(this.#taken, this.#size);
  }

  #add(rank: number): void {
    const element = rank >> 5;
    this.#bits[element] = (this.#bits[element] as number) | (1 << (rank & 31));
    (this.#counts[element] as number)++;
  }

  #remove(rank: number): void {
    const element = rank >> 5;
    this.#bits[element] = (this.#bits[element] as number) & ~(1 << (rank & 31));
    (this.#counts[element] as number)--;
  }

  /** The number of the window that this many others are below. */
  #smallest(below: number): number {
    let element = 0;
    let left = below;
    while (left >= (this.#counts[element] as number)) left -= this.#counts[element++] as number;
    let bits = this.#bits[element] as number;
    for (; left > 0; left--) bits &= bits - 1;
    return this.#ranked.ascending[element * BITS + lowestBit(bits)] as number;
  }
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
