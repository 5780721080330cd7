import { closeSync, openSync, readSync } from "node:fs";
import { decodedText } from "../core/decoded-text.ts";

/** The maximum size, which is that of a `ConfigMap` of Kubernetes too. */
export const MAX_CONFIG_BYTES = 2 ** 20;

/**
 * The text of a configuration file or of a file that it names: UTF-8, or UTF-16 as PowerShell
 * writes it. It may be a pipe.
 *
 * @throws Error if it can't be read, or is longer than the maximum; the rest is not read.
 */
export function readConfigFile(path: string): string {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.allocUnsafe(MAX_CONFIG_BYTES + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = readSync(file, bytes, length, bytes.length - length, null);
    if (length > MAX_CONFIG_BYTES)
      throw new Error(`${path} is longer than ${MAX_CONFIG_BYTES / 2 ** 20} MiB`);
    return decodedText(bytes.subarray(0, length));
  } finally {
    closeSync(file);
  }
}
