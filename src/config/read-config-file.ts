import { closeSync, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
import { decodedText } from "../core/decoded-text.ts";

/** The maximum size, which is that of a `ConfigMap` of Kubernetes too. */
export const MAX_CONFIG_BYTES = 2 ** 20;

/**
 * The text of a configuration file or of a file that it names: UTF-8, or UTF-16 as PowerShell
 * writes it. It may be a pipe.
 *
 * @throws Error that names the file, if it can't be read, or is longer than the maximum; the rest is
 * not read.
 */
export function readConfigFile(path: string): string {
  const file = openSync(path, "r");
  try {
    const content = new Content(path);
    while (content.takes(readSync(file, content.bytes, content.length, content.room, null)));
    return content.text();
  } catch (error) {
    throw withPath(error, path);
  } finally {
    closeSync(file);
  }
}

/** The same as `readConfigFile`, without blocking the process. */
export async function readConfigFileLater(path: string): Promise<string> {
  const file = await open(path, "r");
  try {
    const content = new Content(path);
    while (content.takes((await file.read(content.bytes, content.length, content.room, null)).bytesRead));
    return content.text();
  } catch (error) {
    throw withPath(error, path);
  } finally {
    await file.close();
  }
}

/** The bytes that were read so far: at most one more than the maximum. */
class Content {
  readonly bytes = Buffer.allocUnsafe(MAX_CONFIG_BYTES + 1);
  length = 0;
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  get room(): number {
    return this.bytes.length - this.length;
  }

  /** Takes bytes that were read. Returns `false` if there are no more to read, or to take. */
  takes(read: number): boolean {
    this.length += read;
    return read > 0 && this.room > 0;
  }

  text(): string {
    if (this.length > MAX_CONFIG_BYTES)
      throw new Error(`${this.#path} is longer than ${MAX_CONFIG_BYTES / 2 ** 20} MiB`);
    return decodedText(this.bytes.subarray(0, this.length));
  }
}

/** Errors while a file is read do not name it. */
function withPath(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  const what = code === "EISDIR" ? "is a folder, not a file" : `can't be read (${code})`;
  return Object.assign(new Error(`${path} ${what}`, { cause: error }), { code });
}
