const BITS = 8;

/**
 * The last bits of a sequence, in a piece of an array of bytes: one object can serve many sequences, one
 * after the other. The user keeps the position, which grows by 1 with each bit.
 */
export class BitRing {
  readonly byteWidth: number;
  readonly #length: number;
  #bytes: Uint8Array;
  #offset = 0;

  /** @param length how many bits are kept, a multiple of 8. */
  constructor(length: number) {
    this.#length = length;
    this.byteWidth = length / BITS;
    this.#bytes = new Uint8Array(this.byteWidth);
  }

  /** From now on these are the bits of the piece that begins at an index. */
  seek(bytes: Uint8Array, offset: number): void {
    this.#bytes = bytes;
    this.#offset = offset;
  }

  has(position: number): boolean {
    const bit = position % this.#length;
    return (((this.#bytes[this.#offset + (bit >> 3)] as number) >> (bit & 7)) & 1) === 1;
  }

  set(position: number, isSet: boolean): void {
    const bit = position % this.#length;
    const place = this.#offset + (bit >> 3);
    const others = (this.#bytes[place] as number) & ~(1 << (bit & 7));
    this.#bytes[place] = others | (Number(isSet) << (bit & 7));
  }
}
