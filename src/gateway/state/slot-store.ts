import { join, resolve } from "node:path";
import { Hurry } from "../../core/hurry.ts";
import { DiskPatience, RELEASE_MILLIS, RETRY_MILLIS } from "../../storage/disk-patience.ts";
import { FileLock } from "../../storage/file-lock.ts";
import { isWithin } from "../../storage/is-within.ts";
import { onProcess } from "../../system/process-events.ts";
import { expectFolder, keptBytes, loadSlots, type OnRecord, tidyFolder } from "./load-slots.ts";
import { SlotFile } from "./slot-file.ts";
import type { SlotStoreOptions } from "./slot-store-options.ts";
import { expectedSlot, SLOT_COUNT } from "./slots.ts";
import type { FlushOptions, FlushResult } from "./state-flush.ts";
import { StateLog } from "./state-log.ts";
import type { SlotOffsets, StateRecord } from "./state-record.ts";
import { StateSaver } from "./state-saver.ts";

const LAST_FLUSH_MILLIS = 10_000;

/**
 * Keeps the state of a gateway in a folder over restarts, in one file for each slot of the hash space. It
 * knows nothing of what is in the records. A process that is killed loses at most what changed since the last
 * flush, and damage costs only what is damaged. Of several processes with the same folder, one uses it.
 */
export class SlotStore {
  readonly #directory: string;
  readonly #options: SlotStoreOptions;
  readonly #lock: FileLock;
  readonly #log: StateLog;
  readonly #patience: DiskPatience;
  readonly #files = new Map<number, SlotFile>();
  readonly #saver: StateSaver;
  #keptBytes = 0;
  #onRecord: OnRecord = () => true;
  #isOpen = false;
  #isClosed = false;
  #retryAt = Number.NEGATIVE_INFINITY;
  #stopWatching: (() => void) | undefined;

  /** @throws RangeError if there is no such slot. */
  constructor(options: SlotStoreOptions) {
    const { directory, clock, flushMillis, hurry = new Hurry(), slots = Array(SLOT_COUNT).keys() } = options;
    this.#directory = resolve(directory);
    this.#options = options;
    this.#lock = new FileLock(join(this.#directory, "state"));
    this.#log = new StateLog(this.#directory);
    this.#patience = new DiskPatience(hurry);
    const surroundings = {
      directory: this.#directory,
      clock,
      log: this.#log,
      onProgress: () => {
        this.#patience.answered();
        this.#saver.moved();
      },
    };
    for (const slot of slots) this.#files.set(expectedSlot(slot), new SlotFile(slot, surroundings));
    this.#saver = new StateSaver(this.#files, () => this.#isReady(), surroundings, flushMillis);
  }

  /** Whether the state is loaded, and changes are saved. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** The bytes on the disk, with those of damaged files that were kept. */
  get bytes(): number {
    let bytes = this.#keptBytes;
    for (const file of this.#files.values()) bytes += file.bytes;
    return bytes;
  }

  /** What the loaded state of a slot is good for; `undefined` if that is not known. */
  offsetsOf(slot: number): SlotOffsets | undefined {
    return this.#files.get(slot)?.offsets;
  }

  /**
   * Locks the folder and hands out the records in it. Call it before each collection: it does nothing once that is
   * done, and tries again later if it is not possible. Never waits long, and never throws.
   *
   * @param onRecord called later too, if the disk answers late or a file can be read only then.
   */
  async open(onRecord: OnRecord): Promise<void> {
    if (this.#isOpen || this.#isClosed || this.#options.clock.elapsedMillis() < this.#retryAt) return;
    this.#onRecord = onRecord;
    const noAnswer = await this.#patience.begin(() => this.#open());
    if (noAnswer !== undefined) this.#log.cannotBe("read", noAnswer);
  }

  /** Begins a flush if it is time for one. Call it after each collection. */
  flushIfDue(records: () => Iterable<StateRecord>, options: FlushOptions = {}): void {
    if (this.#isOpen) this.#saver.flushIfDue(records, options);
  }

  /**
   * Writes what changed. Never throws.
   *
   * @returns `undefined` if nothing was written: the state is not open, another flush goes on, or the records threw.
   */
  async flush(records: Iterable<StateRecord>, options: FlushOptions = {}): Promise<FlushResult | undefined> {
    return this.#isOpen ? this.#saver.flush(records, options) : undefined;
  }

  /** Resolves when no flush goes on. */
  get idle(): Promise<void> {
    return this.#saver.idle;
  }

  /** Flushes for the last time and releases the folder. A flush that goes on is given up: it began too early. */
  async close(records: Iterable<StateRecord> = [], options: FlushOptions = {}): Promise<void> {
    this.#isClosed = true;
    if (!this.#isOpen) return;
    const isSaved = !this.#saver.hangs && (await this.#flushLast(records, options));
    if (!isSaved) this.#log.diskHangs();
    this.#leave();
    const released = this.#lock.release();
    if (isSaved) await isWithin(RELEASE_MILLIS, released);
  }

  async #flushLast(records: Iterable<StateRecord>, options: FlushOptions): Promise<boolean> {
    const { lastFlushMillis = LAST_FLUSH_MILLIS } = this.#options;
    let isDone = false;
    const last = this.#patience.begin(async () => {
      await this.#saver.giveUp();
      await this.#saver.flush(records, options);
      isDone = true;
    });
    await isWithin(lastFlushMillis, last);
    return isDone;
  }

  async #open(): Promise<void> {
    try {
      await expectFolder(this.#directory);
      const lock = await this.#lock.take();
      if (lock === "theirs") return this.#log.isInUse();
      if (lock === "impossible") this.#log.isNotLocked();
      await tidyFolder(this.#directory);
      await this.#load();
      if (this.#isClosed) return await this.#lock.release();
      this.#isOpen = true;
      this.#log.works("read");
      this.#stopWatching = onProcess("exit", () => this.#atExit());
    } catch (error) {
      this.#log.cannotBe("read", error);
      this.#retryAt = this.#options.clock.elapsedMillis() + RETRY_MILLIS;
      await this.#lock.release();
    }
  }

  async #load(): Promise<void> {
    await loadSlots(this.#files.values(), this.#onRecord, this.#log);
    this.#keptBytes = await keptBytes(this.#directory);
  }

  /** Before each flush: whether this process still has the lock. Files that could not be read are tried again. */
  async #isReady(): Promise<boolean> {
    if ((await this.#lock.take()) === "theirs") {
      this.#leave();
      this.#retryAt = Number.POSITIVE_INFINITY;
      this.#log.isInUse();
      return false;
    }
    await this.#load();
    return true;
  }

  #leave(): void {
    this.#stopWatching?.();
    this.#saver.stop();
    this.#isOpen = false;
  }

  #atExit(): void {
    if (!this.#saver.hangs) this.#lock.releaseNow();
  }
}
