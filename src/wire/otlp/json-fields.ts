import type { JsonKind, JsonTape } from "../json-tape.ts";
import { MalformedMessage } from "../malformed-message.ts";

/** A millisecond has 10^6 nanoseconds. */
const DIGITS_BELOW_MILLI = 6;
const NANOS_PER_MILLI = 1e6;

/**
 * Visits the fields of a message in the JSON mapping of protobuf, by their names in lower camel case.
 * The names of the `.proto` file are accepted too. A field that is `null` is not set.
 * https://protobuf.dev/programming-guides/json
 */
export function visitFields(
  tape: JsonTape,
  message: number,
  what: string,
  visit: (name: string, value: number) => void,
): void {
  expectKind(tape, message, "object", what);
  const end = tape.end(message);
  for (let key = message + 1; key < end; key = tape.after(key + 1))
    if (!tape.isNull(key + 1)) visit(camelCase(tape.name(key)), key + 1);
}

/** The values of an array; none, if there is no array. */
export function* arrayIn(tape: JsonTape, array: number | undefined, what: string): Generator<number> {
  if (array === undefined) return;
  expectArray(tape, array, what);
  const end = tape.end(array);
  for (let value = array + 1; value < end; value = tape.after(value)) yield value;
}

/** @throws MalformedMessage if a value is no array. */
export function expectArray(tape: JsonTape, value: number, what: string): void {
  expectKind(tape, value, "array", what);
}

/** A text. */
export function textIn(tape: JsonTape, value: number, what: string): string {
  expectKind(tape, value, "text", what);
  return tape.text(value);
}

/** `true` or `false`. */
export function booleanIn(tape: JsonTape, value: number, what: string): boolean {
  expectKind(tape, value, "boolean", what);
  return tape.isTrue(value);
}

/** A number, or the text of one: whole numbers of 64 bits, `NaN`, `Infinity` and `-Infinity` are texts. */
export function numberIn(tape: JsonTape, value: number, what: string): number {
  const digits = tape.digits(value, 0);
  if (digits <= Number.MAX_SAFE_INTEGER) return digits;
  const kind = tape.kind(value);
  if (kind === "number" || kind === "text") {
    const text = tape.text(value);
    const number = Number(text);
    if (text === "NaN" || (text.trim() !== "" && !Number.isNaN(number))) return number;
  }
  throw unexpected(what, "a number");
}

/** A whole number, or the text of one. */
export function wholeNumberIn(tape: JsonTape, value: number, what: string): number {
  const number = numberIn(tape, value, what);
  if (!Number.isInteger(number)) throw unexpected(what, "a whole number");
  return number;
}

/** A time in nanoseconds, as whole milliseconds. */
export function millisIn(tape: JsonTape, value: number, what: string): number {
  // A number has no room for nanoseconds since 1970, but their digits have the milliseconds.
  const millis = tape.digits(value, DIGITS_BELOW_MILLI);
  if (!Number.isNaN(millis)) return millis;
  const nanos = numberIn(tape, value, what);
  if (!(nanos >= 0 && nanos < 2 ** 64)) throw unexpected(what, "nanoseconds since 1970");
  return Math.floor(nanos / NANOS_PER_MILLI);
}

/** The error for a value that is not what the name of its field says. */
export function unexpected(what: string, expected: string): MalformedMessage {
  return new MalformedMessage(`"${what}" of the JSON message must be ${expected}`);
}

const NAMES: Readonly<Record<JsonKind, string>> = {
  object: "an object",
  array: "an array",
  text: "a string",
  number: "a number",
  boolean: "true or false",
  null: "null",
};

function expectKind(tape: JsonTape, value: number, kind: JsonKind, what: string): void {
  if (tape.kind(value) !== kind) throw unexpected(what, NAMES[kind]);
}

function camelCase(name: string): string {
  if (!name.includes("_")) return name;
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
