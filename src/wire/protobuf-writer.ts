import { tagOf, WIRE } from "./protobuf-fields.ts";

/** Writes a small protobuf message. Fields that are 0 or empty are left out, as protobuf asks. */
export class ProtobufWriter {
  readonly #bytes: number[] = [];

  /** Adds a whole number of at least 0. */
  number(field: number, value: number): this {
    if (value === 0) return this;
    this.#varint(tagOf(field, WIRE.varint));
    this.#varint(value);
    return this;
  }

  text(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value));
  }

  /** Adds bytes, or a message inside this one. */
  bytes(field: number, value: Uint8Array): this {
    if (value.length === 0) return this;
    this.#varint(tagOf(field, WIRE.bytes));
    this.#varint(value.length);
    for (const byte of value) this.#bytes.push(byte);
    return this;
  }

  finish(): Buffer {
    return Buffer.from(this.#bytes);
  }

  #varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes.push((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes.push(rest);
  }
}
