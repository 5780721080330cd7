import { compress, uncompress } from "snappyjs";
import { MalformedMessage } from "./message-reader.ts";

/** The default maximum of bytes that compressed bytes may become. */
export const MAX_UNCOMPRESSED_BYTES = 64 * 1024 * 1024;

/** The bytes would become too many. Nothing was allocated for them. */
export class TooManyBytes extends Error {
  override readonly name = "TooManyBytes";
}

const MORE = 0x80;
const PAYLOAD = 0x7f;
const PAYLOAD_BITS = 7;
const LONGEST_LENGTH = 5;

/** The lowest two bits of an element: what it is. */
const KIND_MASK = 3;
const LITERAL = 0;
const COPY_1 = 1;
const COPY_2 = 2;
/** A literal whose length is in the bytes that follow: the number of these bytes, plus this. */
const LONG_LITERAL = 59;

/** How an element of the compressed bytes goes on. */
interface Element {
  /** The bytes of the element itself. */
  readonly taken: number;
  /** The bytes that it becomes. */
  readonly made: number;
  /** How far back the bytes begin that it repeats; 0 for bytes that it holds itself. */
  readonly back: number;
}

/**
 * The number of bytes that snappy's block format says it becomes, in the first bytes.
 *
 * Format: https://github.com/google/snappy/blob/main/format_description.txt
 */
function declaredLength(bytes: Uint8Array): { readonly length: number; readonly headerBytes: number } {
  let length = 0;
  for (let index = 0; index < LONGEST_LENGTH && index < bytes.length; index += 1) {
    const byte = bytes[index] as number;
    length += (byte & PAYLOAD) * 2 ** (index * PAYLOAD_BITS);
    if (byte < MORE) return { length, headerBytes: index + 1 };
  }
  throw new MalformedMessage("the body does not begin with a length in snappy's block format");
}

/** Compresses by snappy's block format. */
export function compressed(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return compress(bytes);
}

/**
 * Uncompresses snappy's block format. The whole structure is checked before anything is allocated: the
 * library trusts lengths and distances, and one that is negative keeps it busy for minutes.
 *
 * @throws TooManyBytes if there would be more than `maxBytes`.
 * @throws MalformedMessage if the bytes are no snappy, or end too early.
 */
export function uncompressed(bytes: Uint8Array, maxBytes = MAX_UNCOMPRESSED_BYTES): Uint8Array {
  const { length, headerBytes } = declaredLength(bytes);
  if (length > maxBytes)
    throw new TooManyBytes(`the body becomes ${length} bytes, expected at most ${maxBytes}`);
  const made = madeBy(bytes, headerBytes, length);
  if (made !== length) throw new MalformedMessage(`the body becomes ${made} bytes, but says ${length}`);
  try {
    return uncompress(bytes, maxBytes);
  } catch (error) {
    throw new MalformedMessage("the body is not in snappy's block format", { cause: error });
  }
}

/** The number of bytes that all elements make. */
function madeBy(bytes: Uint8Array, from: number, most: number): number {
  let made = 0;
  for (let at = from; at < bytes.length; ) {
    const element = elementAt(bytes, at);
    at += element.taken;
    if (at > bytes.length) throw new MalformedMessage("the body ends within an element of snappy");
    if (element.back > made) throw new MalformedMessage("the body repeats bytes before its first one");
    made += element.made;
    if (made > most) throw new MalformedMessage(`the body becomes more than the ${most} bytes that it says`);
  }
  return made;
}

function elementAt(bytes: Uint8Array, at: number): Element {
  const tag = bytes[at] as number;
  const upper = tag >>> 2;
  switch (tag & KIND_MASK) {
    case LITERAL: {
      const lengthBytes = Math.max(0, upper - LONG_LITERAL);
      const made = lengthBytes === 0 ? upper + 1 : unsigned(bytes, at + 1, lengthBytes) + 1;
      return { taken: 1 + lengthBytes + made, made, back: 0 };
    }
    case COPY_1:
      return {
        taken: 2,
        made: (upper & 7) + 4,
        back: distance((tag >>> 5) * 256 + unsigned(bytes, at + 1, 1)),
      };
    case COPY_2:
      return { taken: 3, made: upper + 1, back: distance(unsigned(bytes, at + 1, 2)) };
    default:
      return { taken: 5, made: upper + 1, back: distance(unsigned(bytes, at + 1, 4)) };
  }
}

function distance(back: number): number {
  if (back === 0) throw new MalformedMessage("the body repeats bytes at no distance");
  return back;
}

/** A number of little-endian bytes; bytes beyond the end count as 0. */
function unsigned(bytes: Uint8Array, from: number, count: number): number {
  let value = 0;
  for (let index = 0; index < count; index += 1) value += (bytes[from + index] ?? 0) * 2 ** (8 * index);
  return value;
}
