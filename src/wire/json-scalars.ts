import {
  BACKSLASH,
  DOT,
  LOWER_E,
  LOWER_U,
  MINUS,
  NINE,
  PLUS,
  QUOTE,
  SPACE,
  UPPER_E,
  ZERO,
} from "./json-bytes.ts";
import { MalformedMessage } from "./malformed-message.ts";

/** The longest text. Nothing can be done while it is read. */
const MAX_TEXT_BYTES = 2 ** 20;
const ESCAPED = new Set(Array.from('"\\/bfnrtu', (character) => character.charCodeAt(0)));

/** The error for JSON that is not valid. */
export function notJson(position: number, expected: string): MalformedMessage {
  return new MalformedMessage(`the JSON text is not valid at byte ${position}, expected ${expected}`);
}

/**
 * The end of the text that begins with the quote at `start`, behind its other quote. Negative if the
 * text has escapes.
 */
export function endOfText(bytes: Uint8Array, start: number): number {
  const last = Math.min(bytes.length, start + MAX_TEXT_BYTES);
  let hasEscapes = false;
  for (let at = start + 1; at < last; at += 1) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) return hasEscapes ? -(at + 1) : at + 1;
    if (byte < SPACE) throw notJson(at, "no control character in a text");
    if (byte !== BACKSLASH) continue;
    hasEscapes = true;
    at = endOfEscape(bytes, at + 1);
  }
  throw last === bytes.length
    ? notJson(last, "the end of a text")
    : new MalformedMessage(`the JSON text has a string of more than ${MAX_TEXT_BYTES} bytes`);
}

/** The last byte of an escape, whose backslash is before `at`. */
function endOfEscape(bytes: Uint8Array, at: number): number {
  const kind = bytes[at] as number;
  if (!ESCAPED.has(kind)) throw notJson(at, "an escape");
  if (kind !== LOWER_U) return at;
  for (let digit = at + 1; digit <= at + 4; digit += 1)
    if (!isHex(bytes[digit])) throw notJson(digit, "four hexadecimal digits");
  return at + 4;
}

/** The end of `true`, `false` or `null`. */
export function endOfWord(bytes: Uint8Array, start: number, word: string): number {
  for (let index = 0; index < word.length; index += 1)
    if (bytes[start + index] !== word.charCodeAt(index)) throw notJson(start, word);
  return start + word.length;
}

/** The end of the number that begins at `start`. */
export function endOfNumber(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === MINUS ? start + 1 : start;
  // No digit follows a leading zero.
  at = bytes[at] === ZERO ? at + 1 : endOfDigits(bytes, at);
  if (bytes[at] === DOT) at = endOfDigits(bytes, at + 1);
  if (bytes[at] !== LOWER_E && bytes[at] !== UPPER_E) return at;
  const isSigned = bytes[at + 1] === PLUS || bytes[at + 1] === MINUS;
  return endOfDigits(bytes, isSigned ? at + 2 : at + 1);
}

/** The end of one digit or more. */
function endOfDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  while (isDigit(bytes[at])) at += 1;
  if (at === start) throw notJson(at, "a value");
  return at;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function isHex(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const lower = byte | 0x20;
  return isDigit(byte) || (lower >= 0x61 && lower <= 0x66);
}
