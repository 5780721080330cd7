import { MalformedMessage } from "./malformed-message.ts";
import { ProtobufReader } from "./protobuf-reader.ts";

/** Senders write the fields of a message in few places. Each place takes more memory than its bytes. */
const MAX_PIECES = 10_000;

/**
 * The bytes of some fields of a message. A serializer mostly writes them side by side. If others are
 * between them, they are copied.
 */
export class FieldBytes {
  readonly #message: ProtobufReader;
  /** The message, or the copy. */
  #source: ProtobufReader;
  #start = 0;
  #end = 0;
  #count = 0;
  #pieces: Uint8Array[] | undefined;

  constructor(message: ProtobufReader) {
    this.#message = message;
    this.#source = message;
  }

  /** The number of fields. */
  get count(): number {
    return this.#count;
  }

  /** The number of bytes. */
  get length(): number {
    this.#join();
    return this.#end - this.#start;
  }

  clear(): void {
    this.#source = this.#message;
    this.#start = 0;
    this.#end = 0;
    this.#count = 0;
    this.#pieces = undefined;
  }

  /**
   * Adds the field of the message that begins and ends at these positions, with its tag.
   *
   * @throws MalformedMessage if the fields are in too many places.
   */
  add(start: number, end: number): void {
    if (this.#count === 0) this.#start = start;
    else if (start !== this.#end || this.#pieces !== undefined) this.#addPiece(start, end);
    this.#end = end;
    this.#count += 1;
  }

  /** Adds all fields of this kind that the message still has, and goes to its end. */
  addAll(wanted: number): void {
    while (this.#message.hasMore) {
      const start = this.#message.position;
      const tag = this.#message.tag();
      this.#message.skip(tag);
      if (tag === wanted) this.add(start, this.#message.position);
    }
  }

  /** A text that only the same bytes have. Call it after the last `add`. */
  key(): string {
    this.#join();
    return this.#source.key(this.#start, this.#end);
  }

  /** Reads these fields. Call it after the last `add`. */
  reader(): ProtobufReader {
    this.#join();
    return new ProtobufReader(this.#source.bytes(this.#start, this.#end));
  }

  #addPiece(start: number, end: number): void {
    this.#pieces ??= [this.#message.bytes(this.#start, this.#end)];
    if (this.#pieces.length >= MAX_PIECES)
      throw new MalformedMessage(`the fields of a protobuf message are in more than ${MAX_PIECES} places`);
    this.#pieces.push(this.#message.bytes(start, end));
  }

  #join(): void {
    if (this.#pieces === undefined) return;
    const joined = Buffer.concat(this.#pieces);
    this.#pieces = undefined;
    this.#source = new ProtobufReader(joined);
    this.#start = 0;
    this.#end = joined.length;
  }
}
