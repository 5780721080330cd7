import { isRecord } from "../series/series-snapshot.ts";

const ARRAY = "float64";
const NUMBER = "number";

/**
 * JSON that keeps every number: arrays of numbers as their bytes, which is quick and exact, and
 * numbers that JSON lacks by their names. `fromText` gives back what `toText` was given.
 */
export function toText(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (part instanceof Float64Array)
      return { [ARRAY]: Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString("base64") };
    if (typeof part === "number" && !Number.isFinite(part)) return { [NUMBER]: String(part) };
    return part;
  });
}

/** @throws SyntaxError when the text is no JSON. */
export function fromText(text: string): unknown {
  return JSON.parse(text, (_key, part: unknown) => {
    if (!isRecord(part)) return part;
    if (typeof part[ARRAY] === "string") return numbersOf(part[ARRAY]);
    return typeof part[NUMBER] === "string" ? Number(part[NUMBER]) : part;
  });
}

function numbersOf(base64: string): Float64Array {
  const bytes = Buffer.from(base64, "base64");
  const numbers = new Float64Array(Math.floor(bytes.length / Float64Array.BYTES_PER_ELEMENT));
  new Uint8Array(numbers.buffer).set(bytes.subarray(0, numbers.byteLength));
  return numbers;
}
