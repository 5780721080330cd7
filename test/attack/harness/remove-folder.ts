import { rmSync } from "node:fs";

/** Removes a folder into which an attempt that was interrupted at the end of its time may still write. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}
