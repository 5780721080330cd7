import { keyOf } from "./byte-text.ts";
import { ProtobufFields } from "./protobuf-fields.ts";

const BITS_32 = 2 ** 32;
const NANOS_PER_MILLI = 1e6;
/** `2^32 = 4294 * 10^6 + 967296`: so many milliseconds, and a rest of so many nanoseconds. */
const MILLIS_OF_2_32 = 4294;
const REST_OF_2_32 = 967_296;

/** Reads the values of the fields of a protobuf message from its bytes, one after the other. */
export class ProtobufReader extends ProtobufFields {
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    super(bytes);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** A whole number of 32 bits that is written in zigzag: 0, -1, 1, -2, ... */
  sint32(): number {
    const value = this.varint() >>> 0;
    return (value >>> 1) ^ -(value & 1);
  }

  /** A whole number of 64 bits, with all its digits. */
  int64(): bigint {
    const start = this.position;
    this.varint();
    let value = 0n;
    for (let at = this.position - 1; at >= start; at -= 1)
      value = (value << 7n) | BigInt((this.buffer[at] as number) & 0x7f);
    return BigInt.asIntN(64, value);
  }

  /** An unsigned number of 64 bits in 8 bytes. Beyond 2^53 it is rounded. */
  fixed64(): number {
    const at = this.take(8);
    return this.#view.getUint32(at + 4, true) * BITS_32 + this.#view.getUint32(at, true);
  }

  /** A whole number of 64 bits in 8 bytes. Beyond 2^53 it is rounded. */
  sfixed64(): number {
    const at = this.take(8);
    return this.#view.getInt32(at + 4, true) * BITS_32 + this.#view.getUint32(at, true);
  }

  double(): number {
    return this.#view.getFloat64(this.take(8), true);
  }

  /** A time in nanoseconds in 8 bytes, as whole milliseconds. */
  nanosAsMillis(): number {
    const at = this.take(8);
    const high = this.#view.getUint32(at + 4, true);
    // The nanoseconds since 1970 are beyond 2^53. No term of this sum is.
    const rest = high * REST_OF_2_32 + this.#view.getUint32(at, true);
    return high * MILLIS_OF_2_32 + Math.floor(rest / NANOS_PER_MILLI);
  }

  /** A text, whose length comes next. */
  text(): string {
    const length = this.skipBytes();
    return this.buffer.toString("utf8", this.position - length, this.position);
  }

  /** Bytes, whose length comes next, as base64. */
  base64(): string {
    const length = this.skipBytes();
    return this.buffer.toString("base64", this.position - length, this.position);
  }

  /** A text that only the same bytes of a message have. */
  key(start: number, end: number): string {
    return keyOf(this.buffer, start, end);
  }

  /** Bytes of the message. */
  bytes(start: number, end: number): Uint8Array {
    return this.buffer.subarray(start, end);
  }
}
