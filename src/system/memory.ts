import { readCgroupMemory } from "./cgroup.ts";
import { numberAfter, readMachineFile } from "./machine-file.ts";

/** Where memory figures come from; all in bytes. */
export interface MemorySources {
  readonly root: string;
  /** `os.totalmem` */
  readonly totalMemory: () => number;
  /** `os.freemem`, for systems without `/proc/meminfo`. */
  readonly freeMemory: () => number;
  /** `process.memoryUsage.rss` */
  readonly residentSetSize: () => number;
}

/** Percent of memory in use, 0..100. */
export interface MemoryUse {
  /** Of the container where it has a limit, else of the machine. */
  readonly memoryPercent: number;
  /** The resident set of this process, of the same whole. */
  readonly processMemoryPercent: number;
}

/**
 * How much of the memory that there is for this process is in use. On the machine, what the kernel could hand out
 * without swapping (`MemAvailable`) counts as free, caches included.
 * Source: https://docs.kernel.org/filesystems/proc.html#meminfo
 */
export async function readMemoryUse(sources: MemorySources): Promise<MemoryUse> {
  const machine = await readMachineMemory(sources);
  const container = await readCgroupMemory(sources.root);
  // A limit above what the machine has never binds: then the machine is the whole.
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
  // A limit of 0 leaves nothing to use: whatever is in use fills it.
  return whole > 0 ? Math.min(100, (used / whole) * 100) : 100;
}
