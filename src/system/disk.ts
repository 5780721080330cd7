import type { StatsFs } from "node:fs";

/** Where disk figures come from: `fs.promises.statfs`, and the folder whose file system is meant. */
export interface DiskSources {
  readonly statfs: (path: string) => Promise<Pick<StatsFs, "blocks" | "bfree" | "bavail">>;
  readonly folder: () => string;
}

/**
 * Percent (0..100) of the file system under a folder that is in use, counted as `df` does: blocks kept for the
 * superuser are neither used nor available. `undefined` for file systems without blocks (such as `/proc`).
 * Source: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/df.html
 */
export async function readDiskPercent({ statfs, folder }: DiskSources): Promise<number | undefined> {
  const { blocks, bfree, bavail } = await statfs(folder());
  const used = blocks - bfree;
  const whole = used + bavail;
  return whole > 0 ? (used / whole) * 100 : undefined;
}
