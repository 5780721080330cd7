import { GCProfiler, getHeapStatistics } from "node:v8";

/**
 * Runs work and returns its cost: duration, CPU time, the longest block of the event loop, and the
 * peak of heap use above the use before. Needs `--expose-gc`.
 */
export async function watch(work) {
  globalThis.gc?.();
  globalThis.gc?.();
  const before = getHeapStatistics().used_heap_size;
  const collections = new GCProfiler();
  collections.start();
  const turns = new TurnWatch();
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const millis = performance.now() - startedAt;
  const cpu = process.cpuUsage(cpuBefore);
  const blockMillis = await turns.longest();
  const peak = Math.max(
    getHeapStatistics().used_heap_size,
    ...collections.stop().statistics.map(({ beforeGC }) => beforeGC.heapStatistics.usedHeapSize),
  );
  return {
    millis,
    cpuMillis: (cpu.user + cpu.system) / 1000,
    blockMillis,
    peakHeapMegabytes: (peak - before) / 1e6,
  };
}

/**
 * Measures each turn of the event loop by the CPU time of the main thread. On a shared machine a
 * turn can take long by the clock because another process was running.
 */
class TurnWatch {
  #longest = 0;
  #turnedAt = threadMillis();
  #next = setImmediate(() => this.#turn());

  #turn() {
    const now = threadMillis();
    this.#longest = Math.max(this.#longest, now - this.#turnedAt);
    this.#turnedAt = now;
    this.#next = setImmediate(() => this.#turn());
  }

  /** The longest turn until now. */
  async longest() {
    await new Promise((resolve) => setImmediate(resolve));
    clearImmediate(this.#next);
    return this.#longest;
  }
}

function threadMillis() {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
