import { type ByteText, keyOf } from "./byte-text.ts";
import { LOWER_F, LOWER_N, LOWER_T, OPEN_ARRAY, OPEN_OBJECT, QUOTE, ZERO } from "./json-bytes.ts";

/** As many digits as a whole number of 64 bits has. */
const MAX_DIGITS = 20;

/** What a JSON value is. */
export type JsonKind = "object" | "array" | "text" | "number" | "boolean" | "null";

/**
 * The values of a JSON text, which was scanned once. A value is made when somebody asks for it, so a
 * large text takes little more memory than its bytes. Values and keys are numbered in their order:
 * the first is 0, and the value of a key is the next number.
 */
export class JsonTape {
  readonly #bytes: ByteText;
  /**
   * Two numbers for each value, key, and end of an array or an object. The first is where it begins.
   * The second is where it ends, and negative for a text with escapes; for an array or an object it
   * is the number of its end.
   */
  readonly #places: Int32Array;

  constructor(bytes: ByteText, places: Int32Array) {
    this.#bytes = bytes;
    this.#places = places;
  }

  kind(value: number): JsonKind {
    switch (this.#bytes[this.#start(value)]) {
      case OPEN_OBJECT:
        return "object";
      case OPEN_ARRAY:
        return "array";
      case QUOTE:
        return "text";
      case LOWER_T:
      case LOWER_F:
        return "boolean";
      case LOWER_N:
        return "null";
      default:
        return "number";
    }
  }

  /** The number after the last value in an array or an object. */
  end(container: number): number {
    return this.#second(container);
  }

  /** The number of the value or the key that follows a value. */
  after(value: number): number {
    const first = this.#bytes[this.#start(value)];
    return first === OPEN_OBJECT || first === OPEN_ARRAY ? this.#second(value) + 1 : value + 1;
  }

  /** The text of a text or a key, or of a number as it was sent. */
  text(value: number): string {
    const start = this.#start(value);
    const end = this.#second(value);
    // An escape may be half of a character, as it can't be in protobuf.
    if (end < 0) return (JSON.parse(this.#bytes.toString("utf8", start, -end)) as string).toWellFormed();
    return this.#bytes[start] === QUOTE
      ? this.#bytes.toString("utf8", start + 1, end - 1)
      : this.#bytes.latin1Slice(start, end);
  }

  /**
   * The number of a number or a text that has only digits, without the last of them. `NaN` for another
   * value, or one with more than 20 digits.
   *
   * @param without the number of last digits that are left out.
   */
  digits(value: number, without: number): number {
    const isText = this.#bytes[this.#start(value)] === QUOTE ? 1 : 0;
    const start = this.#start(value) + isText;
    const end = this.#second(value) - isText;
    if (end <= start || end > start + MAX_DIGITS) return Number.NaN;
    let number = 0;
    for (let at = start; at < end; at += 1) {
      const digit = (this.#bytes[at] as number) - ZERO;
      if (!(digit >= 0 && digit <= 9)) return Number.NaN;
      if (at < end - without) number = 10 * number + digit;
    }
    return number;
  }

  /** The number of values of an array. */
  count(array: number): number {
    let count = 0;
    const end = this.#second(array);
    for (let value = array + 1; value < end; value = this.after(value)) count += 1;
    return count;
  }

  /** The name of a key. Characters that are not ASCII may differ: the names that we know have none. */
  name(key: number): string {
    const end = this.#second(key);
    return end < 0 ? this.text(key) : this.#bytes.latin1Slice(this.#start(key) + 1, end - 1);
  }

  /** A text that only values with the same bytes have. */
  key(value: number): string {
    return keyOf(this.#bytes, this.#start(value), this.#endByte(value));
  }

  /** The number of bytes of a value. */
  length(value: number): number {
    return this.#endByte(value) - this.#start(value);
  }

  isNull(value: number): boolean {
    return this.#bytes[this.#start(value)] === LOWER_N;
  }

  isTrue(value: number): boolean {
    return this.#bytes[this.#start(value)] === LOWER_T;
  }

  #endByte(value: number): number {
    const kind = this.kind(value);
    const isContainer = kind === "object" || kind === "array";
    return Math.abs(this.#second(isContainer ? this.#second(value) : value));
  }

  #start(place: number): number {
    return this.#places[2 * place] as number;
  }

  #second(place: number): number {
    return this.#places[2 * place + 1] as number;
  }
}
