import { crc32 } from "node:zlib";
import { isRecord } from "../../series/series-snapshot.ts";
import { fromText, toText } from "../../storage/plain-numbers.ts";

/** The version of the file. A file of a newer version is not read. */
export const VERSION = 2;
/** What the first record of a file says that it is. */
const FORMAT = "otel-forecast history";
const CHECKSUM_DIGITS = 8;
const NEWLINE = 0x0a;
/** The longest line that is read: no record is nearly as long. So a foreign file takes little memory. */
export const MAX_LINE_BYTES = 64 * 2 ** 20;
/** What is read instead of a longer line: it is broken. */
const TOO_LONG = Buffer.from("too long");

/** One record of a file; `kind` tells what its value is. */
export interface HistoryRecord {
  readonly kind: string;
  readonly value: unknown;
}

/** The first record. */
export interface Header {
  readonly format: typeof FORMAT;
  readonly version: number;
  /** Each save has a greater number than the one before. */
  readonly sequence: number;
}

/** What a line of a file is. */
export type Line =
  | { readonly state: "header"; readonly header: Header }
  | { readonly state: "record"; readonly record: HistoryRecord }
  /** The last line, with the number of records before it. */
  | { readonly state: "end"; readonly records: number }
  | { readonly state: "broken" };

const BROKEN: Line = { state: "broken" };

/** The first line of a file. */
export function headerLine(sequence: number): Buffer {
  const header: Header = { format: FORMAT, version: VERSION, sequence };
  return lineOf({ kind: "header", value: header });
}

/** A line of a file: the CRC-32 of the record in hexadecimal digits, and the record as JSON. */
export function lineOf(record: HistoryRecord): Buffer {
  const bytes = Buffer.from(`${" ".repeat(CHECKSUM_DIGITS + 1)}${toText([record.kind, record.value])}\n`);
  bytes.write(checksumOf(bytes.subarray(CHECKSUM_DIGITS + 1, -1)));
  return bytes;
}

/** The last line. Without it, or with another number of records, something of the file is missing. */
export function endLine(records: number): Buffer {
  return lineOf({ kind: "end", value: records });
}

/** Reads a line without its newline. Whatever is not exactly what was written is broken. */
export function readLine(bytes: Buffer): Line {
  const json = bytes.subarray(CHECKSUM_DIGITS + 1);
  if (bytes.toString("latin1", 0, CHECKSUM_DIGITS + 1) !== `${checksumOf(json)} `) return BROKEN;
  try {
    return lineFrom(fromText(json.toString()));
  } catch {
    return BROKEN;
  }
}

function lineFrom(read: unknown): Line {
  if (!Array.isArray(read)) return BROKEN;
  const [kind, value] = read;
  if (typeof kind !== "string") return BROKEN;
  if (kind === "header") return isHeader(value) ? { state: "header", header: value } : BROKEN;
  if (kind === "end") return typeof value === "number" ? { state: "end", records: value } : BROKEN;
  return { state: "record", record: { kind, value } };
}

function isHeader(value: unknown): value is Header {
  return (
    isRecord(value) &&
    value.format === FORMAT &&
    Number.isSafeInteger(value.version) &&
    Number.isSafeInteger(value.sequence)
  );
}

function checksumOf(bytes: Buffer): string {
  return crc32(bytes).toString(16).padStart(CHECKSUM_DIGITS, "0");
}

/** Cuts the chunks of a file into lines. */
export class LineCutter {
  #rest: Buffer[] = [];
  #restBytes = 0;

  /** The lines that end in this chunk, without their newlines. */
  *take(chunk: Buffer): Iterable<Buffer> {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      yield this.#lineWith(chunk.subarray(from, end));
      from = end + 1;
    }
    if (from < chunk.length) this.#keep(chunk.subarray(from));
  }

  /** What follows the last newline; empty in a file that is whole. */
  get rest(): Buffer {
    return this.#restBytes > MAX_LINE_BYTES ? TOO_LONG : Buffer.concat(this.#rest);
  }

  #keep(part: Buffer): void {
    this.#restBytes += part.length;
    if (this.#restBytes > MAX_LINE_BYTES) this.#rest = [];
    else this.#rest.push(Buffer.from(part));
  }

  #lineWith(end: Buffer): Buffer {
    if (this.#restBytes === 0) return end;
    this.#keep(end);
    const line = this.rest;
    this.#rest = [];
    this.#restBytes = 0;
    return line;
  }
}
