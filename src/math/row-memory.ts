/** A block of memory that rows of numbers are in. */
export class RowMemory {
  readonly numbers: Float64Array;
  // Many rows have numbers only, and a view costs as much as a dozen of them.
  #singles: Float32Array | undefined;
  #bytes: Uint8Array | undefined;

  constructor(numbers: Float64Array) {
    this.numbers = numbers;
  }

  /** The same memory as numbers of single precision: two in the place of each number. */
  get singles(): Float32Array {
    this.#singles ??= new Float32Array(this.numbers.buffer, this.numbers.byteOffset, 2 * this.numbers.length);
    return this.#singles;
  }

  /** The same memory as bytes: eight in the place of each number. */
  get bytes(): Uint8Array {
    this.#bytes ??= new Uint8Array(this.numbers.buffer, this.numbers.byteOffset, this.numbers.byteLength);
    return this.#bytes;
  }
}

/** That of what has no row. */
export const NO_MEMORY = new RowMemory(new Float64Array(0));
