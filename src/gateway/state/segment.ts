import type { FileHandle } from "node:fs/promises";
import { type YieldingClock, YieldingRunner } from "../../core/yielding-runner.ts";
import { ChunkedWriter } from "../../storage/chunked-writer.ts";
import { openFile, replaceFile, unfinishedName } from "../../storage/safe-files.ts";
import { FileWindow } from "./file-window.ts";

/** A file that another program has put here: from now on, only the user of the process can read it. */
const OTHERS = 0o077;
const OWN_MODE = 0o600;

/** The file is shorter than what was written to it, or is not there. */
export class ShortenedError extends Error {}

/** A file that grows at its end, and is written anew at times. */
export class Segment {
  readonly path: string;
  readonly #clock: YieldingClock;
  readonly #onProgress: () => void;

  /** @param onProgress called when the disk has answered. */
  constructor(path: string, clock: YieldingClock, onProgress: () => void) {
    this.path = path;
    this.#clock = clock;
    this.#onProgress = onProgress;
  }

  /** What `read` makes of the file; `undefined` if there is none. */
  async read<Result>(read: (file: FileWindow) => Promise<Result>): Promise<Result | undefined> {
    const handle = await openFile(this.path);
    this.#onProgress();
    if (handle === undefined) return undefined;
    try {
      return await read(await this.#windowOf(handle));
    } finally {
      await handle.close();
    }
  }

  /**
   * The bytes at places, one after the other.
   *
   * @throws ShortenedError if the file ends before one of them.
   */
  async *parts<Part extends { readonly start: number; readonly end: number }>(
    places: Iterable<Part>,
  ): AsyncGenerator<readonly [Part, Buffer]> {
    const [...all] = places;
    if (all.length === 0) return;
    const handle = await openFile(this.path);
    if (handle === undefined) throw new ShortenedError(`${this.path} was removed by another program`);
    try {
      const file = await this.#windowOf(handle);
      for (const place of all) {
        const length = place.end - place.start;
        const bytes = await file.from(place.start, length);
        if (bytes.length < length) throw new ShortenedError(`${this.path} was shortened by another program`);
        yield [place, bytes.subarray(0, length)];
      }
    } finally {
      await handle.close();
    }
  }

  /** Replaces the file by a new one, which is then on the disk. Returns the number of bytes. */
  async replace(pieces: AsyncIterable<Buffer>): Promise<number> {
    let bytes = 0;
    await replaceFile(this.path, unfinishedName(this.path), async (handle) => {
      bytes = await this.#write(handle, pieces);
    });
    this.#onProgress();
    return bytes;
  }

  /**
   * Writes at a place, and removes what was behind it.
   *
   * @param isLast `true`: when this ends, everything before is on the disk too.
   * @returns the number of bytes.
   * @throws ShortenedError if the file ends before the place.
   */
  async append(place: number, pieces: Iterable<Buffer>, isLast: boolean): Promise<number> {
    const handle = await openFile(this.path, "append");
    if (handle === undefined) throw new ShortenedError(`${this.path} was removed by another program`);
    try {
      const { size, mode } = await handle.stat();
      if ((mode & OTHERS) !== 0) await handle.chmod(OWN_MODE);
      if (size < place) throw new ShortenedError(`${this.path} was shortened by another program`);
      if (size > place) await handle.truncate(place);
      const bytes = await this.#write(handle, pieces);
      if (isLast) await handle.sync();
      return bytes;
    } finally {
      await handle.close();
      this.#onProgress();
    }
  }

  async #write(handle: FileHandle, pieces: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<number> {
    const slices = new YieldingRunner(this.#clock);
    const writer = new ChunkedWriter(handle, this.#onProgress);
    for await (const piece of pieces) {
      writer.add(piece);
      if (writer.isFull) await writer.flush();
      if (slices.isDue) await slices.pause();
    }
    await writer.flush();
    return writer.written;
  }

  async #windowOf(handle: FileHandle): Promise<FileWindow> {
    const { size } = await handle.stat();
    return new FileWindow(handle, size, this.#onProgress);
  }
}
