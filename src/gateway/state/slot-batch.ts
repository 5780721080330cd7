import { encodedFrame } from "./frames.ts";
import type { LiveRecord, LiveRecords } from "./live-records.ts";
import type { StateRecord } from "./state-record.ts";

/** What is to be written to a slot's file in one flush. It counts as a whole or not at all. */
export class SlotBatch {
  readonly #live: LiveRecords;
  readonly #turn: number;
  readonly #changes = new Map<string, LiveRecord | undefined>();
  #waiting: Buffer[] = [];
  #frames = 0;
  /** The bytes that are in the file already. */
  written = 0;

  /** @param turn the number of the flush. */
  constructor(live: LiveRecords, turn: number) {
    this.#live = live;
    this.#turn = turn;
  }

  /** The number of records and removals. */
  get frames(): number {
    return this.#frames;
  }

  /**
   * Takes a record, unless it has not changed.
   *
   * @returns the number of its bytes; 0 if there is nothing to write.
   * @throws if its data can't be written.
   */
  take(record: StateRecord): number {
    const key = keyOf(record);
    const known = this.#live.get(key);
    if (known !== undefined) known.turn = this.#turn;
    const { version } = record;
    if (version !== undefined && version === known?.version) return 0;
    const data = record.data();
    if (data === undefined) return this.#remove(key);
    const frame = encodedFrame("record", key, data);
    return this.#add(key, frame, { bytes: frame.length, version, turn: this.#turn });
  }

  /** Removes the records that this flush has not named. */
  removeMissing(): void {
    for (const key of this.#live.missingIn(this.#turn)) this.#remove(key);
  }

  /** Whether there is something to be written next. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Hands out what is to be written next. */
  takeWaiting(): Buffer[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }

  /** It is in the file. */
  apply(): void {
    for (const [key, record] of this.#changes) {
      if (record === undefined) this.#live.delete(key);
      else this.#live.set(key, record);
    }
  }

  #remove(key: string): number {
    const isThere = this.#changes.has(key)
      ? this.#changes.get(key) !== undefined
      : this.#live.get(key) !== undefined;
    return isThere ? this.#add(key, encodedFrame("removal", key), undefined) : 0;
  }

  #add(key: string, frame: Buffer, change: LiveRecord | undefined): number {
    this.#changes.set(key, change);
    this.#waiting.push(frame);
    this.#frames += 1;
    return frame.length;
  }
}

/**
 * The kind and the id in one text. Kinds have no line breaks, so it can be taken apart again. Half a
 * surrogate pair becomes U+FFFD, as in the file.
 */
function keyOf({ kind, id }: StateRecord): string {
  if (kind.includes("\n")) throw new RangeError("its kind has a line break");
  return `${kind}\n${id}`.toWellFormed();
}

/** The kind and the id that a key is made of. */
export function namesOf(key: string): { readonly kind: string; readonly id: string } {
  const end = key.indexOf("\n");
  return { kind: key.slice(0, end), id: key.slice(end + 1) };
}
