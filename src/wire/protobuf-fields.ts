import { type ByteText, byteTextOf } from "./byte-text.ts";
import { MalformedMessage } from "./malformed-message.ts";

/** How the value of a field is written (https://protobuf.dev/programming-guides/encoding). */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, groupStart: 3, groupEnd: 4, fixed32: 5 } as const;

/** The number of a field and how it is written, as they stand before its value. */
export function tagOf(field: number, wire: (typeof WIRE)[keyof typeof WIRE]): number {
  return field * 8 + wire;
}

/**
 * The most fields that are read in one go: of one message, without those of the messages inside it.
 * Nothing else can be done meanwhile.
 */
const MAX_FIELDS = 500_000;
const LONGEST_VARINT = 10;

/**
 * Goes through the fields of a protobuf message, and of the messages inside it. Every method throws
 * `MalformedMessage` if the message that is being read ends too early.
 */
export class ProtobufFields {
  protected readonly buffer: ByteText;
  #position = 0;
  #end: number;
  #fields = 0;

  constructor(bytes: Uint8Array) {
    this.buffer = byteTextOf(bytes);
    this.#end = bytes.byteLength;
  }

  /** The offset of the byte that is read next. */
  get position(): number {
    return this.#position;
  }

  /** Whether the message that is being read has more fields. */
  get hasMore(): boolean {
    return this.#position < this.#end;
  }

  /**
   * Begins to read a message inside this one, whose length comes next.
   *
   * @returns what `leave` needs.
   */
  enter(): number {
    const length = this.length();
    const outer = this.#end;
    this.#end = this.#position + length;
    this.#fields = 0;
    return outer;
  }

  /** Goes on after the message that was entered, wherever its reading has stopped. */
  leave(outer: number): void {
    this.#position = this.#end;
    this.#end = outer;
  }

  /** Goes back to an earlier position in the message that is being read. */
  rewind(position: number): void {
    this.#position = position;
    this.#fields = 0;
  }

  /** Goes on after the tag of the next field of this kind. `false`: the message has no more of them. */
  find(wanted: number): boolean {
    while (this.#position < this.#end) {
      const tag = this.tag();
      if (tag === wanted) {
        this.#fields = 0;
        return true;
      }
      this.skip(tag);
    }
    return false;
  }

  /** The tag of the next field, as `tagOf` gives it. */
  tag(): number {
    if (this.#position >= this.#end) throw cutOff();
    this.#fields += 1;
    if (this.#fields > MAX_FIELDS)
      throw new MalformedMessage(`a protobuf message has more than ${MAX_FIELDS} fields`);
    const first = this.buffer[this.#position] as number;
    if (first < 0x80 && first > 7) {
      this.#position += 1;
      return first;
    }
    const tag = this.varint();
    if (tag < 8 || tag >= 2 ** 32)
      throw new MalformedMessage(`there is no protobuf field with the tag ${tag}`);
    return tag;
  }

  /** An unsigned number. Beyond 2^53 it is rounded. */
  varint(): number {
    let value = 0;
    let factor = 1;
    for (let count = 0; count < LONGEST_VARINT; count += 1) {
      if (this.#position >= this.#end) throw cutOff();
      const byte = this.buffer[this.#position] as number;
      this.#position += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
    }
    throw new MalformedMessage(`a protobuf number has more than ${LONGEST_VARINT} bytes`);
  }

  /** Goes on after bytes, whose length comes next. Returns their number. */
  skipBytes(): number {
    const length = this.length();
    this.#position += length;
    return length;
  }

  /** Goes on after the value of a field. */
  skip(tag: number): void {
    switch (tag & 7) {
      case WIRE.varint:
        this.varint();
        return;
      case WIRE.fixed64:
        this.take(8);
        return;
      case WIRE.bytes:
        this.skipBytes();
        return;
      case WIRE.groupStart:
        this.#skipGroup();
        return;
      case WIRE.fixed32:
        this.take(4);
        return;
      default:
        throw new MalformedMessage(`the protobuf tag ${tag} is not expected here`);
    }
  }

  /** The number of bytes that come next. */
  protected length(): number {
    const length = this.varint();
    if (length > this.#end - this.#position) throw cutOff();
    return length;
  }

  /** Goes on after some bytes. Returns where they begin. */
  protected take(count: number): number {
    const at = this.#position;
    if (count > this.#end - at) throw cutOff();
    this.#position = at + count;
    return at;
  }

  /** Groups are in old messages only. They may hold others. */
  #skipGroup(): void {
    for (let depth = 1; depth > 0; ) {
      const tag = this.tag();
      if ((tag & 7) === WIRE.groupStart) depth += 1;
      else if ((tag & 7) === WIRE.groupEnd) depth -= 1;
      else this.skip(tag);
    }
  }
}

function cutOff(): MalformedMessage {
  return new MalformedMessage("the protobuf message is cut off, or has a wrong length");
}
