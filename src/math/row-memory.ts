/**
 * Where rows of numbers are: an array, and the index from which on the offsets of rows count. Whoever
 * seeks another place gives all of these rows other numbers.
 */
export class RowMemory {
  numbers: Float64Array;
  /** The same memory as numbers of single precision: two in the place of each number. */
  singles: Float32Array;
  base = 0;

  constructor(numbers: Float64Array) {
    this.numbers = numbers;
    this.singles = singlesOf(numbers);
  }
}

/** The memory of an array of numbers, as numbers of single precision. */
export function singlesOf(numbers: Float64Array): Float32Array {
  return new Float32Array(numbers.buffer, numbers.byteOffset, 2 * numbers.length);
}
