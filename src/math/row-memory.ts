/**
 * A block of memory that rows of numbers are in. Whoever lets it take over the memory of another gives
 * all of these rows other numbers.
 */
export class RowMemory {
  numbers: Float64Array;
  /** The same memory as numbers of single precision: two in the place of each number. */
  singles: Float32Array;
  /** The same memory as bytes: eight in the place of each number. */
  bytes: Uint8Array;

  constructor(numbers: Float64Array) {
    const { buffer, byteOffset, byteLength } = numbers;
    this.numbers = numbers;
    this.singles = new Float32Array(buffer, byteOffset, 2 * numbers.length);
    this.bytes = new Uint8Array(buffer, byteOffset, byteLength);
  }

  take({ numbers, singles, bytes }: RowMemory): void {
    this.numbers = numbers;
    this.singles = singles;
    this.bytes = bytes;
  }
}
