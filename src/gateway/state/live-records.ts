/** What is known of a record whose bytes are in the file. */
export interface LiveRecord {
  readonly bytes: number;
  /** `undefined` if a process before this one has written it. */
  readonly version: number | undefined;
  /** The flush in which the caller named it last. */
  turn: number;
}

/** The records of a file that count, without their data. */
export class LiveRecords {
  readonly #records = new Map<string, LiveRecord>();
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): LiveRecord | undefined {
    return this.#records.get(key);
  }

  set(key: string, record: LiveRecord): void {
    this.delete(key);
    this.#records.set(key, record);
    this.#bytes += record.bytes;
  }

  delete(key: string): void {
    this.#bytes -= this.#records.get(key)?.bytes ?? 0;
    this.#records.delete(key);
  }

  clear(): void {
    this.#records.clear();
    this.#bytes = 0;
  }

  /** The keys that the caller has not named in a flush. */
  *missingIn(turn: number): Iterable<string> {
    for (const [key, record] of this.#records) if (record.turn !== turn) yield key;
  }
}
