/** A block of memory that rows of numbers are in. */
export class RowMemory {
  readonly numbers: Float64Array;
  /** The same memory as numbers of single precision: two in the place of each number. */
  readonly singles: Float32Array;
  /** The same memory as bytes: eight in the place of each number. */
  readonly bytes: Uint8Array;

  constructor(numbers: Float64Array) {
    const { buffer, byteOffset, byteLength } = numbers;
    this.numbers = numbers;
    this.singles = new Float32Array(buffer, byteOffset, 2 * numbers.length);
    this.bytes = new Uint8Array(buffer, byteOffset, byteLength);
  }
}
