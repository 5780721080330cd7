/** The bytes are not what their sender says they are. The message says what is wrong. */
export class MalformedMessage extends Error {
  override readonly name = "MalformedMessage";
}

const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

const TYPE_BITS = 3;
const TYPE_MASK = 7;
const MORE = 0x80;
const PAYLOAD = 0x7f;
const PAYLOAD_BITS = 7;
const BITS_32 = 2 ** 32;
const LONGEST_VARINT = 10;
/** Where a byte of a varint begins to reach into the upper half of 64 bits. */
const SPLIT_SHIFT = 28;
/** The character that stands for bytes that are no text. */
const REPLACEMENT = "\uFFFD";

/** Decodes a text, and throws if the bytes are no UTF-8. */
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * How many messages and keys are read of one message. Two bytes are enough for one, and each takes a hundred
 * bytes of memory or more.
 */
const MAX_PARTS = 2_000_000;

/** A part of the bytes of a message. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Reads the fields of a message in Protocol Buffers' wire format, one after the other. What it does
 * not read of a field is skipped. Every method throws `MalformedMessage` if the bytes end too early,
 * are not of the expected type, or hold too many messages.
 *
 * Format: https://protobuf.dev/programming-guides/encoding/
 */
export class MessageReader {
  /** The number of the current field. */
  field = 0;
  /** Where the current field begins, with its tag. */
  fieldFrom = 0;
  readonly #bytes: Buffer;
  readonly #view: DataView;
  #end: number;
  #at = 0;
  #type = VARINT;
  #isRead = true;
  readonly #maxParts: number;
  #parts = 0;

  constructor(bytes: Uint8Array, maxParts = MAX_PARTS) {
    this.#maxParts = maxParts;
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#end = bytes.length;
  }

  /** Moves to the next field. Returns `false` at the end of the message. */
  next(): boolean {
    if (!this.#isRead) this.#skip();
    if (this.#at >= this.#end) return false;
    this.fieldFrom = this.#at;
    const tag = this.#varint();
    this.field = Math.floor(tag / 2 ** TYPE_BITS);
    this.#type = tag & TYPE_MASK;
    if (!(tag > TYPE_MASK && tag < BITS_32)) throw new MalformedMessage(`${tag} is no tag of a field`);
    this.#isRead = false;
    return true;
  }

  /** The current field as a whole number with a sign. Beyond 2^53 it is rounded. */
  int(): number {
    this.#expect(VARINT);
    return this.#varint();
  }

  /** The current field as whole numbers: one, or many that were packed. */
  ints(): number[] {
    if (this.#type !== LENGTH_DELIMITED) return [this.int()];
    const { from, to } = this.range();
    const packed: number[] = [];
    this.#at = from;
    while (this.#at < to) packed.push(this.#varint());
    if (this.#at !== to) throw new MalformedMessage("a packed number ends outside of its field");
    return packed;
  }

  /** The current field as a floating-point number of 64 bits, with the halves of its bits. */
  double(): { readonly value: number; readonly high: number; readonly low: number } {
    this.#expect(FIXED_64);
    const at = this.#take(8);
    return {
      value: this.#view.getFloat64(at, true),
      high: this.#view.getUint32(at + 4, true),
      low: this.#view.getUint32(at, true),
    };
  }

  /** The current field as a text. */
  text(): string {
    const { from, to } = this.range();
    const text = this.#bytes.toString("utf8", from, to);
    return text.includes(REPLACEMENT) ? this.#strictText(from, to) : text;
  }

  /** The current field as a message within this one: `read` gets its fields, until there are no more. */
  inside<Read>(read: (message: MessageReader) => Read): Read {
    const { from, to } = this.range();
    this.#countPart();
    const end = this.#end;
    this.#at = from;
    this.#end = to;
    this.fieldFrom = from;
    const result = read(this);
    this.#at = to;
    this.#end = end;
    this.#isRead = true;
    return result;
  }

  /** Where the bytes of the current field are. */
  range(): ByteRange {
    this.#expect(LENGTH_DELIMITED);
    const length = this.#varint();
    const from = this.#take(length);
    return { from, to: this.#at };
  }

  /** Where the next field begins. What is left of the current one is skipped. */
  get fieldTo(): number {
    if (!this.#isRead) this.#skip();
    return this.#at;
  }

  /** Bytes as a text of as many characters: equal bytes give equal texts. */
  key({ from, to }: ByteRange): string {
    this.#countPart();
    return this.#bytes.toString("latin1", from, to);
  }

  #countPart(): void {
    this.#parts += 1;
    if (this.#parts > this.#maxParts)
      throw new MalformedMessage(`the message has more than ${this.#maxParts} parts`);
  }

  #strictText(from: number, to: number): string {
    try {
      return strict.decode(this.#bytes.subarray(from, to));
    } catch {
      throw new MalformedMessage("a text is not UTF-8");
    }
  }

  #expect(type: number): void {
    if (this.#type !== type)
      throw new MalformedMessage(`field ${this.field} has wire type ${this.#type}, expected ${type}`);
    this.#isRead = true;
  }

  #skip(): void {
    this.#isRead = true;
    switch (this.#type) {
      case VARINT:
        this.#varint();
        return;
      case FIXED_64:
        this.#take(8);
        return;
      case LENGTH_DELIMITED:
        this.#take(this.#varint());
        return;
      case FIXED_32:
        this.#take(4);
        return;
      default:
        throw new MalformedMessage(`field ${this.field} has wire type ${this.#type}, which is not known`);
    }
  }

  /** Moves past some bytes, and returns where they begin. */
  #take(length: number): number {
    const from = this.#at;
    if (!(length >= 0 && length <= this.#end - from))
      throw new MalformedMessage(`field ${this.field} has ${length} bytes, but ${this.#end - from} follow`);
    this.#at += length;
    return from;
  }

  #varint(): number {
    let low = 0;
    let high = 0;
    for (let index = 0; index < LONGEST_VARINT; index += 1) {
      if (this.#at >= this.#end) throw new MalformedMessage("the message ends within a number");
      const byte = this.#bytes[this.#at++] as number;
      const shift = index * PAYLOAD_BITS;
      const bits = byte & PAYLOAD;
      if (shift <= SPLIT_SHIFT) low |= bits << shift;
      if (shift === SPLIT_SHIFT) high |= bits >>> (32 - SPLIT_SHIFT);
      else if (shift > SPLIT_SHIFT) high |= bits << (shift - 32);
      if (byte < MORE) return high * BITS_32 + (low >>> 0);
    }
    throw new MalformedMessage("a number has more than 64 bits");
  }
}
