import { join, resolve } from "node:path";
import type { YieldingClock } from "../../core/yielding-runner.ts";
import { createFolder, removeUnfinished } from "../../storage/safe-files.ts";
import { SlotFile, type SlotSurroundings } from "../state/slot-file.ts";
import { PARTITION_SLOTS } from "../state/slots.ts";
import type { FlushResult } from "../state/state-flush.ts";
import { StateLog } from "../state/state-log.ts";
import type { LoadedRecord, SlotOffsets, StateRecord } from "../state/state-record.ts";
import { StateSaver } from "../state/state-saver.ts";

const FOLDER_MODE = 0o700;

/** Where the state of partitions is kept. */
export interface PartitionStatesOptions {
  readonly directory: string;
  readonly topic: string;
  readonly clock: YieldingClock;
  readonly saveMillis: number | undefined;
  /** Whether the partitions are still those of this process. Asked before each save. */
  isMember(): boolean;
}

/**
 * The state of the partitions that this process has, one file each: what is known of their series, and the
 * offset that it is good for. Kafka decides whose a partition is, so members of a group may share the folder.
 */
export class PartitionStates {
  readonly #directory: string;
  readonly #surroundings: SlotSurroundings;
  readonly #files = new Map<number, SlotFile>();
  readonly #saver: StateSaver;

  constructor({ directory, topic, clock, saveMillis, isMember }: PartitionStatesOptions) {
    this.#directory = join(resolve(directory), "kafka", topic);
    this.#surroundings = {
      directory: this.#directory,
      clock,
      log: new StateLog(this.#directory),
      space: PARTITION_SLOTS,
      onProgress: () => this.#saver.moved(),
    };
    this.#saver = new StateSaver(this.#files, async () => isMember(), this.#surroundings, saveMillis);
  }

  /** The bytes on the disk. */
  get bytes(): number {
    let bytes = 0;
    for (const file of this.#files.values()) bytes += file.bytes;
    return bytes;
  }

  /** Whether it is time to save. */
  get isDue(): boolean {
    return this.#saver.isDue;
  }

  /** Whether the disk does not answer. */
  get hangs(): boolean {
    return this.#saver.hangs;
  }

  /** Gives up the save that goes on. The one before counts. */
  giveUp(): void {
    this.#saver.stop();
  }

  /**
   * Reads what was saved of a partition, by this process or another one.
   *
   * @returns the file, which is saved to when it is taken.
   * @throws if it can't be read.
   */
  async load(partition: number, onRecord: (record: LoadedRecord) => void): Promise<SlotFile> {
    await createFolder(this.#directory, FOLDER_MODE);
    const file = new SlotFile(partition, this.#surroundings);
    await removeUnfinished(this.#directory, (name) => name === file.name).catch(() => {});
    await file.load(onRecord);
    return file;
  }

  /** From now on, what is saved has the records of the partition of this file. */
  take(file: SlotFile): void {
    this.#files.set(file.slot, file);
  }

  /** Another member may have the partition from now on. */
  give(partition: number): void {
    this.#files.delete(partition);
  }

  /**
   * Saves. Records and offsets have to be of the same moment.
   *
   * @param records all that there are of all partitions.
   * @returns `undefined` if nothing was saved.
   */
  save(
    records: Iterable<StateRecord>,
    offsets: ReadonlyMap<number, SlotOffsets>,
  ): Promise<FlushResult | undefined> {
    return this.#saver.flush(records, { offsets, isWhole: true });
  }
}
