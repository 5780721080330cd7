import type { FileHandle } from "node:fs/promises";

/** So much is handed to the disk at once. */
const CHUNK_BYTES = 256 * 1024;

/** Hands bytes to a file in chunks, at the place where the file is open. */
export class ChunkedWriter {
  readonly #handle: FileHandle;
  readonly #onProgress: () => void;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #written = 0;

  /** @param onProgress called when the disk has taken a chunk. */
  constructor(handle: FileHandle, onProgress: () => void) {
    this.#handle = handle;
    this.#onProgress = onProgress;
  }

  /** The number of bytes that the disk has taken. */
  get written(): number {
    return this.#written;
  }

  /** Whether a chunk is full, which `flush` writes. */
  get isFull(): boolean {
    return this.#waitingBytes >= CHUNK_BYTES;
  }

  add(bytes: Buffer): void {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
  }

  async flush(): Promise<void> {
    const chunk = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    await this.#handle.writeFile(chunk);
    this.#written += chunk.length;
    this.#onProgress();
  }
}
