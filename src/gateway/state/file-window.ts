import type { FileHandle } from "node:fs/promises";

/** So much is read at once. */
const CHUNK_BYTES = 1024 * 1024;

/** The part of an open file that is looked at: a file takes little memory, however long it is. */
export class FileWindow {
  /** Of the file when it was opened. */
  readonly size: number;
  readonly #handle: FileHandle;
  readonly #onProgress: () => void;
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;

  /** @param onProgress called when the disk has answered. */
  constructor(handle: FileHandle, size: number, onProgress: () => void) {
    this.#handle = handle;
    this.size = size;
    this.#onProgress = onProgress;
  }

  /** The bytes from a place on, at least as many as `length`. There are fewer only where the file ends. */
  async from(place: number, length: number): Promise<Buffer> {
    const end = Math.min(place + length, this.size);
    if (place < this.#start || end > this.#start + this.#bytes.length) await this.#move(place, length);
    return this.#bytes.subarray(place - this.#start);
  }

  async #move(place: number, length: number): Promise<void> {
    const bytes = Buffer.allocUnsafe(Math.min(Math.max(length, CHUNK_BYTES), this.size - place));
    let read = 0;
    while (read < bytes.length) {
      const most = Math.min(CHUNK_BYTES, bytes.length - read);
      const { bytesRead } = await this.#handle.read(bytes, read, most, place + read);
      this.#onProgress();
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    this.#bytes = bytes.subarray(0, read);
    this.#start = place;
  }
}
