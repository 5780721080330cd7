const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const TYPE_BITS = 3;
const MORE = 0x80;
const PAYLOAD_VALUES = 128;
const PAYLOAD = 127n;
const PAYLOAD_BITS = 7n;
const BITS_64 = 2n ** 64n;
const LONGEST_VARINT = 10;
const FIRST_CAPACITY = 1024;

/**
 * Writes the fields of a message in Protocol Buffers' wire format.
 *
 * Format: https://protobuf.dev/programming-guides/encoding/
 */
export class MessageWriter {
  #bytes = Buffer.allocUnsafe(FIRST_CAPACITY);
  #length = 0;

  /** The number of bytes that were written. */
  get length(): number {
    return this.#length;
  }

  /**
   * A whole number with a sign, up to 2^53.
   *
   * @throws RangeError if it is not finite.
   */
  int(field: number, value: number): void {
    this.#tag(field, VARINT);
    this.#varint(value);
  }

  /** A whole number with a sign, as `sint32` and `sint64` are written. */
  zigzag(field: number, value: number): void {
    this.int(field, value < 0 ? -2 * value - 1 : 2 * value);
  }

  /** A whole number of at least 0 without a field. */
  varint(value: number): void {
    this.#varint(value);
  }

  double(field: number, value: number): void {
    this.#tag(field, FIXED_64);
    this.#reserve(8);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
  }

  /** A floating-point number by its bits: a JavaScript number does not keep those of a NaN. */
  doubleBits(field: number, high: number, low: number): void {
    this.#tag(field, FIXED_64);
    this.#reserve(8);
    this.#length = this.#bytes.writeUInt32LE(low, this.#length);
    this.#length = this.#bytes.writeUInt32LE(high, this.#length);
  }

  text(field: number, text: string): void {
    const length = Buffer.byteLength(text);
    this.begin(field, length);
    this.#reserve(length);
    this.#length += this.#bytes.write(text, this.#length);
  }

  bytes(field: number, bytes: Uint8Array): void {
    this.begin(field, bytes.length);
    this.raw(bytes);
  }

  /** Begins a field whose content, of this length, is written next. */
  begin(field: number, length: number): void {
    this.#tag(field, LENGTH_DELIMITED);
    this.#varint(length);
  }

  /** Fields that were written before. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Fields that were written before, as a text of one character for each byte. */
  latin1(bytes: string): void {
    this.#reserve(bytes.length);
    this.#length += this.#bytes.write(bytes, this.#length, "latin1");
  }

  /** The message. The next field begins a new one. */
  finish(): Uint8Array<ArrayBuffer> {
    const message = new Uint8Array(this.#length);
    message.set(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return message;
  }

  #tag(field: number, type: number): void {
    this.#varint(field * 2 ** TYPE_BITS + type);
  }

  #varint(value: number): void {
    if (!Number.isFinite(value)) throw new RangeError(`${value} is no whole number`);
    this.#reserve(LONGEST_VARINT);
    if (value < 0) {
      this.#negativeVarint(value);
      return;
    }
    let rest = value;
    while (rest >= PAYLOAD_VALUES) {
      this.#bytes[this.#length++] = (rest % PAYLOAD_VALUES) | MORE;
      rest = Math.floor(rest / PAYLOAD_VALUES);
    }
    this.#bytes[this.#length++] = rest;
  }

  #negativeVarint(value: number): void {
    let rest = BITS_64 + BigInt(value);
    for (; rest >= PAYLOAD_VALUES; rest >>= PAYLOAD_BITS)
      this.#bytes[this.#length++] = Number(rest & PAYLOAD) | MORE;
    this.#bytes[this.#length++] = Number(rest);
  }

  #reserve(length: number): void {
    if (this.#length + length <= this.#bytes.length) return;
    const bytes = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + length));
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
  }
}
