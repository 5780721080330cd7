import { createReadStream, fstatSync, statSync } from "node:fs";
import type { Readable } from "node:stream";

const STANDARD_INPUT = 0;

/** The bytes of a file. @throws Error if the path names a folder. */
export function fileStream(path: string): Readable {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new Error("expected a file, got a folder");
  return createReadStream(path);
}

/**
 * The bytes of standard input. Node reads nothing from a folder, which would look like an empty
 * input.
 *
 * @throws Error if standard input is a folder.
 */
export function standardInput(): Readable {
  if (fstatSync(STANDARD_INPUT).isDirectory())
    throw new Error("expected a file or a pipe as input, got a folder");
  return process.stdin;
}
