import { GCProfiler, getHeapStatistics } from "node:v8";

/**
 * Runs work and says what it cost its process: how long it took, CPU time, the longest work between two turns of the
 * event loop, and the most heap in use above what was in use before. Needs `--expose-gc`.
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
 * Watches the event loop turn, as often as it can. Measures the CPU time of the main thread, as on a shared machine a turn
 * may last for long because somebody else was at work.
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

  /** The longest work between two turns until now. */
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
