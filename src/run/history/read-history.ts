import type { FileHandle } from "node:fs/promises";
import type { YieldingClock } from "../../core/yielding-runner.ts";
import { YieldingRunner } from "../../core/yielding-runner.ts";
import { isRecord } from "../../series/series-snapshot.ts";
import { openFile } from "../../storage/safe-files.ts";
import { type HistoryRecord, LineCutter, MAX_LINE_BYTES, readLine, VERSION } from "./record-lines.ts";

const CHUNK_BYTES = 256 * 1024;
/** The first byte of a file of version 1, which is one JSON object. */
const BRACE = 0x7b;

/** What a file was. */
export type Reading =
  | { readonly state: "absent" }
  | { readonly state: "newer"; readonly version: number }
  | {
      readonly state: "read";
      /** Of the save; 0 if it is not known. */
      readonly sequence: number;
      /** What is wrong with the file; `undefined` if nothing is. */
      readonly damage: string | undefined;
    };

/** Receives the records of a file, in their order, with the sequence of its save. */
export type OnRecord = (record: HistoryRecord, sequence: number) => void;

/**
 * Reads a file record by record, in slices. A record that is not exactly as it was written is left
 * out, and counted.
 *
 * @param onProgress called after each part.
 * @throws when the file can't be opened or read.
 */
export async function readHistory(
  path: string,
  clock: YieldingClock,
  onRecord: OnRecord,
  onProgress: () => void = () => {},
): Promise<Reading> {
  const handle = await openFile(path);
  if (handle === undefined) return { state: "absent" };
  try {
    return await readOpen(handle, clock, onRecord, onProgress);
  } finally {
    await handle.close();
  }
}

async function readOpen(
  handle: FileHandle,
  clock: YieldingClock,
  onRecord: OnRecord,
  onProgress: () => void,
): Promise<Reading> {
  const file = new RecordFile(onRecord);
  const cutter = new LineCutter();
  const slices = new YieldingRunner(clock);
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let position = 0; ; ) {
    const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, position);
    onProgress();
    if (bytesRead === 0) break;
    if (position === 0 && chunk[0] === BRACE) return await readVersion1(handle, onRecord);
    for (const line of cutter.take(chunk.subarray(0, bytesRead))) {
      file.take(line);
      if (file.newer !== undefined) return { state: "newer", version: file.newer };
      if (slices.isDue) await slices.pause();
    }
    position += bytesRead;
  }
  if (cutter.rest.length > 0) file.take(cutter.rest);
  return { state: "read", sequence: file.sequence, damage: file.damage };
}

/** The lines of a file so far. */
class RecordFile {
  sequence = 0;
  newer: number | undefined;
  readonly #onRecord: OnRecord;
  #lines = 0;
  #broken = 0;
  #records = 0;
  #hasHeader = false;
  #expected: number | undefined;

  constructor(onRecord: OnRecord) {
    this.#onRecord = onRecord;
  }

  take(bytes: Buffer): void {
    const line = readLine(bytes);
    this.#lines += 1;
    if (line.state === "broken" || this.#expected !== undefined) this.#broken += 1;
    else if (line.state === "header") this.#takeHeader(line.header);
    else if (line.state === "end") this.#expected = line.records;
    else this.#takeRecord(line.record);
  }

  get damage(): string | undefined {
    const damage: string[] = [];
    if (this.#lines === 0) return "it is empty";
    if (this.#broken > 0) damage.push(counted(this.#broken, "line is", "lines are", "altered"));
    const missing = (this.#expected ?? this.#records) - this.#records;
    if (missing !== 0) damage.push(counted(missing, "record is", "records are", "missing"));
    if (this.#expected === undefined) damage.push("its end is missing");
    else if (!this.#hasHeader && this.#broken === 0) damage.push("its beginning is missing");
    return damage.length === 0 ? undefined : damage.join(", ");
  }

  #takeHeader({ version, sequence }: { version: number; sequence: number }): void {
    this.#hasHeader = true;
    if (version > VERSION) this.newer = version;
    else this.sequence = sequence;
  }

  #takeRecord(record: HistoryRecord): void {
    this.#records += 1;
    this.#onRecord(record, this.sequence);
  }
}

function counted(count: number, one: string, many: string, what: string): string {
  return `${count} ${count === 1 ? one : many} ${what}`;
}

/** Version 1: one JSON object, without checksums. */
async function readVersion1(handle: FileHandle, onRecord: OnRecord): Promise<Reading> {
  const { size } = await handle.stat();
  if (size > MAX_LINE_BYTES)
    return { state: "read", sequence: 0, damage: "it is too long to be of version 1" };
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, 0);
  const text = buffer.toString("utf8", 0, bytesRead);
  let saved: unknown;
  try {
    saved = JSON.parse(text);
  } catch {
    return { state: "read", sequence: 0, damage: "it is neither records nor JSON" };
  }
  const { version, today, todayOfMembers, series } = isRecord(saved) ? saved : {};
  if (typeof version === "number" && version > 1) return { state: "newer", version };
  const isHistory = Array.isArray(series) || today !== undefined;
  if (!isHistory) return { state: "read", sequence: 0, damage: "it is no history" };
  onRecord({ kind: "today", value: { own: today, members: todayOfMembers } }, 0);
  for (const value of Array.isArray(series) ? series : []) onRecord({ kind: "series", value }, 0);
  return { state: "read", sequence: 0, damage: undefined };
}
