import { messageOf } from "../../core/text-of.ts";
import { YieldingRunner } from "../../core/yielding-runner.ts";
import type { SlotBatch } from "./slot-batch.ts";
import type { SlotFile, SlotSurroundings } from "./slot-file.ts";
import { slotOf } from "./slots.ts";
import type { SlotOffsets, StateRecord } from "./state-record.ts";

/** So many bytes of records are held in memory before they are written. */
const MOST_WAITING_BYTES = 16 * 1024 * 1024;
/** So many files are open at the same time. */
const MOST_OPEN_FILES = 8;
/** The same for files that are written anew. */
const MOST_REWRITTEN_FILES = 4;

type FlushSurroundings = Pick<SlotSurroundings, "clock" | "log" | "onProgress">;

/** What a flush does beside writing records. */
export interface FlushOptions {
  /**
   * What the state of slots is good for, after this flush. A slot that is not among them keeps what it had.
   * Records and offsets of a slot reach the disk together, so they have to be of the same moment: nothing may be
   * taken in while the records are read.
   */
  readonly offsets?: ReadonlyMap<number, SlotOffsets> | undefined;
  /** `true`: the records are all that there are. Saved ones that are not among them are removed. */
  readonly isWhole?: boolean;
}

/** What a flush did. */
export interface FlushResult {
  /** The number of records and removals that were written. */
  readonly written: number;
  /** The bytes that were written, also to make files smaller. */
  readonly bytes: number;
  /** The slots whose changes are not on the disk. The next flush tries again. */
  readonly failed: ReadonlySet<number>;
  /** The number of records of slots that are not those of this store, or whose file can't be used. */
  readonly refused: number;
  /** The number of records whose data can't be written. */
  readonly unsaved: number;
}

/** Writes what changed to the files of all slots. */
export class StateFlush {
  readonly #files: ReadonlyMap<number, SlotFile>;
  readonly #turn: number;
  readonly #surroundings: FlushSurroundings;
  readonly #batches = new Map<number, SlotBatch>();
  readonly #errors = new Map<number, unknown>();
  readonly #failed = new Set<number>();
  #waitingBytes = 0;
  #rewritten = 0;
  #refused = 0;
  #unsaved = 0;
  #isStopped = false;

  /** @param turn a greater number than that of the flush before. */
  constructor(files: ReadonlyMap<number, SlotFile>, turn: number, surroundings: FlushSurroundings) {
    this.#files = files;
    this.#turn = turn;
    this.#surroundings = surroundings;
  }

  /** Whether it was given up. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Gives up. What was not committed does not count. */
  stop(): void {
    this.#isStopped = true;
  }

  /** @throws if it was given up, or if the records throw. */
  async run(records: Iterable<StateRecord>, options: FlushOptions): Promise<FlushResult> {
    const files = [...this.#files.values()];
    this.#fail(await this.#rewrite(files.filter((file) => file.mustRewrite)));
    const slices = new YieldingRunner(this.#surroundings.clock);
    for (const record of records) {
      this.#take(record);
      if (this.#waitingBytes >= MOST_WAITING_BYTES) await this.#writeWaiting();
      if (slices.isDue) {
        await slices.pause();
        this.#surroundings.onProgress();
      }
      this.#mustGoOn();
    }
    this.#fail(await this.#each(files, MOST_OPEN_FILES, (file) => this.#commit(file, options)));
    await this.#rewrite(files.filter((file) => file.isWasteful));
    return this.#result();
  }

  #take(record: StateRecord): void {
    const file = this.#files.get(record.slot ?? slotOf(record.id));
    if (file?.state !== "usable") {
      this.#refused += 1;
      return;
    }
    if (this.#failed.has(file.slot)) return;
    try {
      this.#waitingBytes += this.#batchOf(file).take(record);
    } catch (error) {
      this.#unsaved += 1;
      this.#surroundings.log.cannotSave(record.kind, messageOf(error));
    }
  }

  #batchOf(file: SlotFile): SlotBatch {
    const known = this.#batches.get(file.slot);
    if (known !== undefined) return known;
    const batch = file.newBatch(this.#turn);
    this.#batches.set(file.slot, batch);
    return batch;
  }

  async #writeWaiting(): Promise<void> {
    this.#waitingBytes = 0;
    const waiting = [...this.#files.values()].filter((file) => this.#batches.get(file.slot)?.isWaiting);
    this.#fail(await this.#each(waiting, MOST_OPEN_FILES, (file) => file.write(this.#batchOf(file))));
  }

  async #commit(file: SlotFile, { isWhole = false, offsets }: FlushOptions): Promise<void> {
    const batch = this.#batchOf(file);
    if (isWhole) batch.removeMissing();
    await file.commit(batch, offsets?.get(file.slot));
  }

  /** Each of them is held in memory meanwhile. */
  async #rewrite(files: readonly SlotFile[]): Promise<number[]> {
    return this.#each(files, MOST_REWRITTEN_FILES, async (file) => {
      this.#rewritten += await file.rewrite();
    });
  }

  /** Does something with files, a few of them at the same time. Returns the slots for which it failed. */
  async #each(
    files: readonly SlotFile[],
    most: number,
    work: (file: SlotFile) => Promise<void>,
  ): Promise<number[]> {
    const failed: number[] = [];
    const rest = files.values();
    const worker = async (): Promise<void> => {
      for (const file of rest) {
        if (this.#isStopped) return;
        try {
          if (file.state === "usable" && !this.#failed.has(file.slot)) await work(file);
        } catch (error) {
          failed.push(file.slot);
          this.#errors.set(file.slot, error);
        }
      }
    };
    await Promise.all(Array.from({ length: most }, worker));
    this.#mustGoOn();
    return failed;
  }

  #mustGoOn(): void {
    if (this.#isStopped) throw new Error("the flush was given up");
  }

  /** What waits for these slots is given up: the next flush has it again. */
  #fail(slots: readonly number[]): void {
    for (const slot of slots) {
      this.#failed.add(slot);
      this.#batches.delete(slot);
    }
  }

  #result(): FlushResult {
    const [first] = [...this.#errors].toSorted(([one], [other]) => one - other);
    const { log } = this.#surroundings;
    if (first === undefined) log.works("written");
    else log.cannotBe("written", first[1]);
    let [written, bytes] = [0, this.#rewritten];
    for (const batch of this.#batches.values()) {
      written += batch.frames;
      bytes += batch.written;
    }
    return { written, bytes, failed: this.#failed, refused: this.#refused, unsaved: this.#unsaved };
  }
}
