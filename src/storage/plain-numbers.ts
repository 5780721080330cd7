import { isRecord } from "../series/series-snapshot.ts";

const ARRAY = "float64";
const NUMBER = "number";
/** A record in which one of these names is that of a label, say: it is written as pairs. */
const PAIRS = "pairs";

/** What stands in the text for an array of numbers. */
export type WriteArray = (array: Float64Array) => unknown;
/** The array that something in the text stands for; `undefined` if it stands for none. */
export type ReadArray = (written: unknown) => Float64Array | undefined;

const toBase64: WriteArray = (array) => bytesOf(array).toString("base64");
const fromBase64: ReadArray = (written) =>
  typeof written === "string" ? arrayOf(Buffer.from(written, "base64")) : undefined;

/**
 * JSON that keeps every number: arrays of numbers as their bytes, which is quick and exact, and
 * numbers that JSON lacks by their names. `fromText` gives back what `toText` was given.
 */
export function toText(value: unknown, writeArray = toBase64): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === "number") return isInJson(part) ? part : { [NUMBER]: nameOf(part) };
    if (part instanceof Float64Array) return { [ARRAY]: writeArray(part) };
    return isRecord(part) && hasReservedName(part) ? { [PAIRS]: Object.entries(part) } : part;
  });
}

/** @throws SyntaxError when the text is no JSON. */
export function fromText(text: string, readArray = fromBase64): unknown {
  return JSON.parse(text, (_key, part: unknown) => {
    if (!isRecord(part) || !hasReservedName(part)) return part;
    if (typeof part[NUMBER] === "string") return Number(part[NUMBER]);
    if (Array.isArray(part[PAIRS])) return Object.fromEntries(part[PAIRS]);
    return readArray(part[ARRAY]) ?? part;
  });
}

/** The bytes of an array, which share its memory. */
export function bytesOf(array: Float64Array): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

/** The array of such bytes, which are copied. */
export function arrayOf(bytes: Uint8Array): Float64Array {
  const numbers = new Float64Array(Math.floor(bytes.length / Float64Array.BYTES_PER_ELEMENT));
  new Uint8Array(numbers.buffer).set(bytes.subarray(0, numbers.byteLength));
  return numbers;
}

function isInJson(number: number): boolean {
  return Number.isFinite(number) && !Object.is(number, -0);
}

function nameOf(number: number): string {
  return number === 0 ? "-0" : String(number);
}

function hasReservedName(record: Record<string, unknown>): boolean {
  return ARRAY in record || NUMBER in record || PAIRS in record;
}
