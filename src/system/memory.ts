import { readCgroupMemory } from "./cgroup.ts";
import { numberAfter, readMachineFile } from "./machine-file.ts";

/** Where the memory measurements come from. All are in bytes. */
export interface MemorySources {
  readonly root: string;
  /** `os.totalmem` */
  readonly totalMemory: () => number;
  /** `os.freemem`, for systems without `/proc/meminfo`. */
  readonly freeMemory: () => number;
  /** `process.memoryUsage.rss` */
  readonly residentSetSize: () => number;
}

/** Memory use in percent, 0 to 100. */
export interface MemoryUse {
  /** Of the container's limit if it has one, else of the machine's memory. */
  readonly memoryPercent: number;
  /** The resident set of this process, in percent of the same limit or memory. */
  readonly processMemoryPercent: number;
}

/**
 * The use of the memory that is available to this process. On the machine, memory that the kernel
 * can give without swapping (`MemAvailable`, caches included) counts as free.
 *
 * Source: https://docs.kernel.org/filesystems/proc.html#meminfo
 */
export async function readMemoryUse(sources: MemorySources): Promise<MemoryUse> {
  const machine = await readMachineMemory(sources);
  const container = await readCgroupMemory(sources.root);
  // A limit above the memory of the machine is never reached.
  const whole = container !== undefined && container.limitBytes < machine.totalBytes ? container : undefined;
  const usedBytes = whole?.usedBytes ?? machine.usedBytes;
  const totalBytes = whole?.limitBytes ?? machine.totalBytes;
  return {
    memoryPercent: percentOf(usedBytes, totalBytes),
    processMemoryPercent: percentOf(sources.residentSetSize(), totalBytes),
  };
}

async function readMachineMemory(sources: MemorySources): Promise<{ totalBytes: number; usedBytes: number }> {
  const meminfo = await readMachineFile(sources.root, "proc/meminfo");
  const totalKibibytes = numberAfter(meminfo ?? "", "MemTotal");
  const availableKibibytes = numberAfter(meminfo ?? "", "MemAvailable");
  if (totalKibibytes !== undefined && availableKibibytes !== undefined) {
    return { totalBytes: totalKibibytes * 1024, usedBytes: (totalKibibytes - availableKibibytes) * 1024 };
  }
  const totalBytes = sources.totalMemory();
  return { totalBytes, usedBytes: totalBytes - sources.freeMemory() };
}

function percentOf(used: number, whole: number): number {
  // With a limit of 0, any use is all of it.
  return whole > 0 ? Math.min(100, (used / whole) * 100) : 100;
}
