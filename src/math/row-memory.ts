/**
 * A block of memory that rows of numbers are in. Whoever lets it take over the memory of another gives
 * all of these rows other numbers.
 */
export class RowMemory {
  numbers: Float64Array;
  /** The same memory as numbers of single precision: two in the place of each number. */
  singles: Float32Array;

  constructor(numbers: Float64Array) {
    this.numbers = numbers;
    this.singles = new Float32Array(numbers.buffer, numbers.byteOffset, 2 * numbers.length);
  }

  take({ numbers, singles }: RowMemory): void {
    this.numbers = numbers;
    this.singles = singles;
  }
}
