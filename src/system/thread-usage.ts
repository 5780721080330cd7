import { performance } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";

/** CPU time of this thread so far in microseconds; where Node cannot tell, the time that its event loop was busy. */
export function threadCpuUsage(): NodeJS.CpuUsage {
  // Newer than the oldest Node that this package runs on.
  const { threadCpuUsage: measure } = process as Partial<Pick<NodeJS.Process, "threadCpuUsage">>;
  if (measure !== undefined) return measure.call(process);
  return { user: performance.eventLoopUtilization().active * 1000, system: 0 };
}

/** Bytes that the heap of this thread holds, and what hangs on it. */
export function threadMemory(): number {
  const { total_physical_size, malloced_memory, external_memory } = getHeapStatistics();
  return total_physical_size + malloced_memory + external_memory;
}
