import { join } from "node:path";
import { type YieldingClock, YieldingRunner } from "../../core/yielding-runner.ts";
import { setAside } from "../../storage/safe-files.ts";
import { type Frame, frameValue } from "./frames.ts";
import { LiveRecords } from "./live-records.ts";
import { Segment, ShortenedError } from "./segment.ts";
import { namesOf, SlotBatch } from "./slot-batch.ts";
import { commitOf, contentOf, headerOf, type SlotContent } from "./slot-content.ts";
import { HASH_SLOTS, type SlotSpace } from "./slots.ts";
import type { StateLog } from "./state-log.ts";
import type { LoadedRecord, SlotOffsets } from "./state-record.ts";

/** A file may hold so many bytes that are out of date, beside as many as those that count. */
const SPARE_BYTES = 64 * 1024;

/** What the files of all slots share. */
export interface SlotSurroundings {
  readonly directory: string;
  readonly clock: YieldingClock;
  readonly log: StateLog;
  /** Default: the slots of the hash space. */
  readonly space?: SlotSpace;
  /** Called when the disk has answered. */
  readonly onProgress: () => void;
}

/** What was read of a file. */
type Read = Extract<SlotContent, { state: "read" }>;

/**
 * The file of one slot. What changes is appended in batches, each of which ends with a commit. A process that
 * is killed leaves a batch without its commit, over which the next one writes.
 */
export class SlotFile {
  readonly slot: number;
  readonly #file: Segment;
  readonly #surroundings: SlotSurroundings;
  readonly #space: SlotSpace;
  readonly #live = new LiveRecords();
  #state: "unread" | "usable" | "newer" = "unread";
  /** Where the next batch begins. 0: there is no file. */
  #end = 0;
  #offsets: SlotOffsets | undefined;
  /** It was damaged: what is whole of it has to be written anew before anything is appended. */
  #mustRewrite = false;
  /** Whether it is kept as it was when it was found damaged. */
  #isKept = false;

  constructor(slot: number, surroundings: SlotSurroundings) {
    const { directory, clock, onProgress, space = HASH_SLOTS } = surroundings;
    this.slot = slot;
    this.#space = space;
    this.#file = new Segment(join(directory, space.name(slot)), clock, onProgress);
    this.#surroundings = surroundings;
  }

  /** Of the file, without its folder. */
  get name(): string {
    return this.#space.name(this.slot);
  }

  /** `unread` until it could be read; `newer`: of a newer version, which is left alone. */
  get state(): "unread" | "usable" | "newer" {
    return this.#state;
  }

  get bytes(): number {
    return this.#end;
  }

  get offsets(): SlotOffsets | undefined {
    return this.#offsets;
  }

  /** Whether it has to be written anew before anything is appended: it was damaged. */
  get mustRewrite(): boolean {
    return this.#mustRewrite;
  }

  /** Whether less than half of it counts. */
  get isWasteful(): boolean {
    return this.#end > 2 * this.#live.bytes + SPARE_BYTES;
  }

  /**
   * Hands out the records. Those of a damaged file are handed out as far as they are whole, and the file is kept
   * under another name.
   *
   * @returns whether the file was damaged.
   * @throws if it can't be read.
   */
  async load(onRecord: (record: LoadedRecord) => void): Promise<boolean> {
    const content = await this.#read();
    if (this.#state === "newer") return false;
    if (content !== undefined) await this.#handOut(content, onRecord);
    this.#state = "usable";
    return this.#mustRewrite;
  }

  async #handOut(content: Read, onRecord: (record: LoadedRecord) => void): Promise<void> {
    this.#mustRewrite = content.damage !== undefined;
    this.#adopt(content.records);
    this.#end = content.end;
    this.#offsets = content.offsets;
    const slices = new YieldingRunner(this.#surroundings.clock);
    for await (const [frame, bytes] of this.#file.parts(content.records.values())) {
      const isLatest = frame.start >= content.lostBefore;
      onRecord({ ...namesOf(frame.key), slot: this.slot, data: frameValue(bytes), isLatest });
      if (slices.isDue) await slices.pause();
    }
  }

  newBatch(turn: number): SlotBatch {
    return new SlotBatch(this.#live, turn);
  }

  /** Writes what waits of a batch, without its commit. */
  async write(batch: SlotBatch): Promise<void> {
    await this.#append(batch, batch.takeWaiting(), false);
  }

  /** Writes the rest of a batch and its commit. When this ends, the batch is on the disk. */
  async commit(batch: SlotBatch, offsets = this.#offsets): Promise<void> {
    if (batch.frames === 0 && JSON.stringify(offsets) === JSON.stringify(this.#offsets)) return;
    await this.#append(batch, [...batch.takeWaiting(), commitOf(batch.frames, offsets)], true);
    this.#end += batch.written;
    this.#offsets = offsets;
    batch.apply();
  }

  /** Writes the file anew, with the records that count. Returns the number of bytes. */
  async rewrite(): Promise<number> {
    const read = await this.#read();
    if (this.#state === "newer") throw new Error(`${this.#file.path} is of a newer version`);
    const records = read?.records ?? new Map<string, Frame>();
    const isSound = read?.damage === undefined && !this.#mustRewrite;
    if (read?.damage !== undefined && !this.#isKept)
      throw new Error(`${this.#file.path} is damaged, and can't be kept under another name`);
    const offsets = read?.offsets;
    // What this process knew of records may not be true any more of those that are there.
    if (!isSound) this.#adopt(records);
    this.#end = await this.#file.replace(this.#pieces(records, offsets));
    this.#offsets = offsets;
    this.#mustRewrite = false;
    this.#isKept = false;
    return this.#end;
  }

  async #append(batch: SlotBatch, frames: readonly Buffer[], isLast: boolean): Promise<void> {
    if (this.#end === 0 || this.#mustRewrite) await this.rewrite();
    try {
      batch.written += await this.#file.append(this.#end + batch.written, frames, isLast);
    } catch (error) {
      if (error instanceof ShortenedError) this.#mustRewrite = true;
      throw error;
    }
  }

  async #read(): Promise<Read | undefined> {
    const { clock, log } = this.#surroundings;
    const slices = new YieldingRunner(clock);
    const content = await this.#file.read((file) => contentOf(file, this.slot, slices, this.#space));
    if (content === undefined) return undefined;
    if (content.state === "newer") {
      this.#state = "newer";
      log.isNewer(this.#file.path, content.version);
      return undefined;
    }
    if (content.damage !== undefined && !this.#isKept) await this.#keep(content.damage);
    return content;
  }

  /** What a new file is made of: the records of the old one, as one batch. */
  async *#pieces(
    records: ReadonlyMap<string, Frame>,
    offsets: SlotOffsets | undefined,
  ): AsyncGenerator<Buffer> {
    yield headerOf(this.slot, this.#space);
    for await (const [, bytes] of this.#file.parts(records.values())) yield bytes;
    yield commitOf(records.size, offsets);
  }

  async #keep(damage: string): Promise<void> {
    const { log } = this.#surroundings;
    try {
      const keptAs = await setAside(this.#file.path, "corrupt");
      this.#isKept = true;
      log.isDamaged(this.#file.path, damage, keptAs);
    } catch (error) {
      log.cannotBe("written", error);
    }
  }

  #adopt(records: ReadonlyMap<string, Frame>): void {
    this.#live.clear();
    for (const [key, { start, end }] of records)
      this.#live.set(key, { bytes: end - start, version: undefined, turn: 0 });
  }
}
