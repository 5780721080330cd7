import { crc32 } from "node:zlib";
import {
  arrayOf,
  bytesOf,
  fromText,
  type ReadArray,
  toText,
  type WriteArray,
} from "../../storage/plain-numbers.ts";

/** The version of the file. A frame of a newer version is not read. */
export const VERSION = 1;
/** Each frame begins with it. The first byte is no text, as in PNG. */
const MARKER = Buffer.from([0x89, 0x4f, 0x46, 0x53]);
const KINDS = ["header", "record", "removal", "commit"] as const;
/** The places of the numbers in the first bytes of a frame. */
const AT = { kind: 4, version: 5, key: 6, text: 10, arrays: 14, checksum: 18, ownChecksum: 22 } as const;
export const FIRST_BYTES = 26;
const MOST_BYTES = 64 * 1024 * 1024;
const NUMBER_BYTES = Float64Array.BYTES_PER_ELEMENT;

type FrameKind = (typeof KINDS)[number];

/** A frame in the bytes of a file. */
export interface Frame {
  readonly kind: FrameKind;
  readonly version: number;
  /** Names the record; empty for a header and a commit. */
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

/** What stands at a place where a frame is expected. */
export type Place =
  | { readonly state: "whole"; readonly frame: Frame }
  /** The bytes end before the frame does. */
  | { readonly state: "cut" }
  /** It is no frame, or its bytes are altered. `end` is given if it is known. */
  | { readonly state: "altered"; readonly end: number | undefined };

/**
 * The bytes of a frame: a marker, the kind, the version, the lengths of the three parts, the CRC-32 of
 * these, the CRC-32 of the first bytes themselves, and the parts: the key, the value as JSON, and the arrays
 * of numbers in it. The layout of the first bytes is the same in all versions. Numbers are little-endian.
 *
 * @throws RangeError if it would be too long to be read.
 */
export function encodedFrame(kind: FrameKind, key: string, value?: unknown): Buffer {
  const arrays: Float64Array[] = [];
  const text = value === undefined ? "" : toText(value, collectedIn(arrays));
  const lengths = [Buffer.byteLength(key), Buffer.byteLength(text), NUMBER_BYTES * lengthOf(arrays)] as const;
  const length = FIRST_BYTES + lengths[0] + lengths[1] + lengths[2];
  if (length > MOST_BYTES) throw new RangeError(`it has ${length} bytes, expected at most ${MOST_BYTES}`);
  const bytes = Buffer.allocUnsafe(length);
  let at = FIRST_BYTES;
  at += bytes.write(key, at);
  at += bytes.write(text, at);
  for (const array of arrays) at += bytesOf(array).copy(bytes, at);
  MARKER.copy(bytes);
  bytes[AT.kind] = KINDS.indexOf(kind);
  bytes[AT.version] = VERSION;
  for (const [index, place] of [AT.key, AT.text, AT.arrays].entries())
    bytes.writeUInt32LE(lengths[index] as number, place);
  bytes.writeUInt32LE(crc32(bytes.subarray(FIRST_BYTES)), AT.checksum);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, AT.ownChecksum)), AT.ownChecksum);
  return bytes;
}

/** How many bytes have to be there to read the frame whose first bytes these are. */
export function frameLength(first: Buffer): number {
  return isSound(first) ? Math.min(FIRST_BYTES + partsLength(first), MOST_BYTES) : FIRST_BYTES;
}

/**
 * Reads what the bytes begin with. Of a newer version only the first bytes are read.
 *
 * @param start the place of the bytes in the file.
 */
export function frameAt(bytes: Buffer, start: number): Place {
  const first = bytes.subarray(0, FIRST_BYTES);
  const isMarked = MARKER.subarray(0, first.length).equals(first.subarray(0, MARKER.length));
  if (!isMarked) return { state: "altered", end: undefined };
  if (first.length < FIRST_BYTES) return { state: "cut" };
  if (!isSound(first)) return { state: "altered", end: undefined };
  const kind = KINDS[first[AT.kind] as number];
  const version = first[AT.version] as number;
  const length = FIRST_BYTES + partsLength(first);
  const end = start + length;
  if (version > VERSION) return { state: "whole", frame: { kind: "header", version, key: "", start, end } };
  if (length > MOST_BYTES) return { state: "altered", end: undefined };
  if (length > bytes.length) return { state: "cut" };
  const isWhole = crc32(bytes.subarray(FIRST_BYTES, length)) === first.readUInt32LE(AT.checksum);
  if (kind === undefined || !isWhole) return { state: "altered", end };
  const key = bytes.toString("utf8", FIRST_BYTES, FIRST_BYTES + first.readUInt32LE(AT.key));
  return { state: "whole", frame: { kind, version, key, start, end } };
}

/** How far it is at least from the first of these bytes to the next frame. */
export function distanceToMarker(bytes: Buffer): number {
  const found = bytes.indexOf(MARKER, 1);
  // The last bytes may be the first ones of a marker.
  return found < 0 ? Math.max(1, bytes.length - MARKER.length + 1) : found;
}

/** The value in the bytes of a frame; `undefined` if it is none, although the checksum is right. */
export function frameValue(bytes: Buffer): unknown {
  const textStart = FIRST_BYTES + bytes.readUInt32LE(AT.key);
  const textEnd = textStart + bytes.readUInt32LE(AT.text);
  try {
    return fromText(bytes.toString("utf8", textStart, textEnd), takenFrom(bytes.subarray(textEnd)));
  } catch {
    return undefined;
  }
}

function isSound(first: Buffer): boolean {
  return (
    first.length >= FIRST_BYTES &&
    crc32(first.subarray(0, AT.ownChecksum)) === first.readUInt32LE(AT.ownChecksum)
  );
}

function partsLength(first: Buffer): number {
  return first.readUInt32LE(AT.key) + first.readUInt32LE(AT.text) + first.readUInt32LE(AT.arrays);
}

/** In the text, an array is the place of its first number among those of all arrays, and its length. */
function collectedIn(arrays: Float64Array[]): WriteArray {
  let length = 0;
  return (array) => {
    const place = [length, array.length];
    arrays.push(array);
    length += array.length;
    return place;
  };
}

function takenFrom(arrays: Buffer): ReadArray {
  return (place) => {
    if (!Array.isArray(place)) return undefined;
    const [at, length] = place as [number, number];
    return arrayOf(arrays.subarray(at * NUMBER_BYTES, (at + length) * NUMBER_BYTES));
  };
}

function lengthOf(arrays: readonly Float64Array[]): number {
  return arrays.reduce((sum, { length }) => sum + length, 0);
}
