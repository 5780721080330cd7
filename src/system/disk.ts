import type { StatsFs } from "node:fs";

/** Where the disk measurements come from: `fs.promises.statfs`, and a folder of the file system. */
export interface DiskSources {
  readonly statfs: (path: string) => Promise<Pick<StatsFs, "blocks" | "bfree" | "bavail">>;
  readonly folder: () => string;
}

/**
 * Use of a folder's file system in percent (0 to 100). It is counted like in `df`: blocks that are
 * reserved for the superuser are neither used nor available. Returns `undefined` for file systems
 * without blocks (such as `/proc`).
 *
 * Source: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/df.html
 */
export async function readDiskPercent({ statfs, folder }: DiskSources): Promise<number | undefined> {
  const { blocks, bfree, bavail } = await statfs(folder());
  const used = blocks - bfree;
  const whole = used + bavail;
  return whole > 0 ? (used / whole) * 100 : undefined;
}
