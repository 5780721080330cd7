import type { Steps } from "../core/yielding-runner.ts";
import { type ByteText, byteTextOf } from "./byte-text.ts";
import {
  CARRIAGE_RETURN,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  LINE_FEED,
  LOWER_F,
  LOWER_N,
  LOWER_T,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  SPACE,
  TAB,
} from "./json-bytes.ts";
import { endOfNumber, endOfText, endOfWord, notJson } from "./json-scalars.ts";
import { JsonTape } from "./json-tape.ts";
import { MalformedMessage } from "./malformed-message.ts";

/** The bytes that are read between two looks at the clock. */
const BYTES_BETWEEN = 16_384;
const MAX_DEPTH = 64;
/** The most values, keys and ends of arrays and objects. Each takes 8 bytes. */
const MAX_PLACES = 2 ** 24;
const MIN_PLACES = 32;
/** About as many bytes as there are in a message of OTLP for each value and key. */
const BYTES_OF_PLACE = 6;

type Expected = "value" | "value or end" | "key" | "key or end" | "colon" | "comma or end" | "nothing";

/**
 * Reads a JSON text once and finds its values. It yields now and then.
 *
 * @throws MalformedMessage if it is not valid JSON, or is nested too deep.
 */
export function* scanJson(bytes: Uint8Array): Steps<JsonTape> {
  const scanner = new Scanner(byteTextOf(bytes));
  for (let until = BYTES_BETWEEN; !scanner.scan(until); until += BYTES_BETWEEN) yield;
  return scanner.tape();
}

class Scanner {
  readonly #bytes: ByteText;
  #position = 0;
  #places: Int32Array;
  #count = 0;
  /** The places of the arrays and objects that have not ended. */
  readonly #open: number[] = [];
  #isInObject = false;
  #expected: Expected = "value";

  constructor(bytes: ByteText) {
    this.#bytes = bytes;
    this.#places = new Int32Array(2 * (MIN_PLACES + Math.ceil(bytes.length / BYTES_OF_PLACE)));
  }

  /** Reads on up to this byte or a little further. Returns whether the end of the text is reached. */
  scan(until: number): boolean {
    const bytes = this.#bytes;
    const end = Math.min(until, bytes.length);
    while (this.#position < end) {
      const byte = bytes[this.#position] as number;
      if (byte === SPACE || byte === LINE_FEED || byte === CARRIAGE_RETURN || byte === TAB)
        this.#position += 1;
      else this.#step(byte);
    }
    return this.#position >= bytes.length;
  }

  /** What was found. The text has been read to its end. */
  tape(): JsonTape {
    if (this.#expected !== "nothing") throw notJson(this.#position, this.#expected);
    return new JsonTape(this.#bytes, this.#places.subarray(0, 2 * this.#count));
  }

  #step(byte: number): void {
    switch (this.#expected) {
      case "value":
        this.#value(byte);
        return;
      case "value or end":
        if (byte === CLOSE_ARRAY) this.#close();
        else this.#value(byte);
        return;
      case "key":
        this.#key(byte);
        return;
      case "key or end":
        if (byte === CLOSE_OBJECT) this.#close();
        else this.#key(byte);
        return;
      case "colon":
        if (byte !== COLON) throw notJson(this.#position, this.#expected);
        this.#position += 1;
        this.#expected = "value";
        return;
      case "comma or end":
        this.#next(byte);
        return;
      case "nothing":
        throw notJson(this.#position, this.#expected);
    }
  }

  #value(byte: number): void {
    const start = this.#position;
    switch (byte) {
      case OPEN_OBJECT:
        this.#begin(true);
        return;
      case OPEN_ARRAY:
        this.#begin(false);
        return;
      case QUOTE:
        this.#add(start, endOfText(this.#bytes, start));
        break;
      case LOWER_T:
        this.#add(start, endOfWord(this.#bytes, start, "true"));
        break;
      case LOWER_F:
        this.#add(start, endOfWord(this.#bytes, start, "false"));
        break;
      case LOWER_N:
        this.#add(start, endOfWord(this.#bytes, start, "null"));
        break;
      default:
        this.#add(start, endOfNumber(this.#bytes, start));
    }
    this.#afterValue();
  }

  /** Mostly the comma stands next to the value. */
  #afterValue(): void {
    if (this.#open.length === 0) this.#expected = "nothing";
    else if (this.#bytes[this.#position] === COMMA) this.#comma();
    else this.#expected = "comma or end";
  }

  #comma(): void {
    this.#position += 1;
    this.#expected = this.#isInObject ? "key" : "value";
  }

  #key(byte: number): void {
    if (byte !== QUOTE) throw notJson(this.#position, this.#expected);
    this.#add(this.#position, endOfText(this.#bytes, this.#position));
    // Mostly the colon stands next to the key.
    const isNext = this.#bytes[this.#position] === COLON;
    if (isNext) this.#position += 1;
    this.#expected = isNext ? "value" : "colon";
  }

  #next(byte: number): void {
    if (byte === COMMA) this.#comma();
    else if (byte === (this.#isInObject ? CLOSE_OBJECT : CLOSE_ARRAY)) this.#close();
    else throw notJson(this.#position, this.#expected);
  }

  #begin(isObject: boolean): void {
    if (this.#open.length >= MAX_DEPTH)
      throw new MalformedMessage(`the JSON text is nested deeper than ${MAX_DEPTH} levels`);
    this.#open.push(this.#count);
    this.#add(this.#position, this.#position + 1);
    this.#isInObject = isObject;
    this.#expected = isObject ? "key or end" : "value or end";
  }

  #close(): void {
    const begun = this.#open.pop() as number;
    this.#places[2 * begun + 1] = this.#count;
    this.#add(this.#position, this.#position + 1);
    const outer = this.#open.at(-1);
    this.#isInObject = outer !== undefined && this.#bytes[this.#places[2 * outer] as number] === OPEN_OBJECT;
    this.#afterValue();
  }

  /** Adds a place, and goes on after it. The end of a text with escapes is negative. */
  #add(start: number, end: number): void {
    if (2 * this.#count >= this.#places.length) this.#grow();
    this.#places[2 * this.#count] = start;
    this.#places[2 * this.#count + 1] = end;
    this.#count += 1;
    this.#position = Math.abs(end);
  }

  #grow(): void {
    if (this.#count >= MAX_PLACES)
      throw new MalformedMessage(`the JSON text has more than ${MAX_PLACES} values and keys`);
    const larger = new Int32Array(Math.min(2 * this.#places.length, 2 * MAX_PLACES));
    larger.set(this.#places);
    this.#places = larger;
  }
}
