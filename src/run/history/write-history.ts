import type { FileHandle } from "node:fs/promises";
import { type YieldingClock, YieldingRunner } from "../../core/yielding-runner.ts";
import { ChunkedWriter } from "../../storage/chunked-writer.ts";
import { replaceFile, unfinishedName } from "../../storage/safe-files.ts";
import { endLine, type HistoryRecord, headerLine, lineOf } from "./record-lines.ts";

/** A save. */
export interface Save {
  readonly path: string;
  readonly sequence: number;
  /** Read one after the other, while the event loop goes on. */
  readonly records: Iterable<HistoryRecord>;
  /** Called when the disk has taken a part. */
  readonly onProgress: () => void;
}

/** A save that goes on. */
export class RunningSave {
  /** The file that is written, until it is renamed. */
  readonly unfinished: string;
  /** Resolves to the number of bytes. */
  readonly done: Promise<number>;
  #isStopped = false;

  constructor(save: Save, clock: YieldingClock) {
    this.unfinished = unfinishedName(save.path);
    let bytes = 0;
    this.done = replaceFile(save.path, this.unfinished, async (handle) => {
      bytes = await this.#write(handle, save, clock);
    }).then(() => bytes);
  }

  /** Whether it was given up. */
  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Gives up. The file that was there stays. */
  stop(): void {
    this.#isStopped = true;
  }

  async #write(
    handle: FileHandle,
    { sequence, records, onProgress }: Save,
    clock: YieldingClock,
  ): Promise<number> {
    const slices = new YieldingRunner(clock);
    const writer = new ChunkedWriter(handle, () => {
      onProgress();
      if (this.#isStopped) throw new Error("the save was given up");
    });
    let count = 0;
    writer.add(headerLine(sequence));
    for (const record of records) {
      writer.add(lineOf(record));
      count += 1;
      if (writer.isFull) await writer.flush();
      if (slices.isDue) await slices.pause();
    }
    writer.add(endLine(count));
    await writer.flush();
    return writer.written;
  }
}

/** A save of a few records as bytes, to be written at once. */
export function bytesOf(sequence: number, records: readonly HistoryRecord[]): Buffer {
  return Buffer.concat([headerLine(sequence), ...records.map(lineOf), endLine(records.length)]);
}
