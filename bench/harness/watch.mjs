import { GCProfiler, getHeapStatistics } from "node:v8";
import { childrenMillis } from "../apps/cpu-time.mjs";
import { TurnWatch, threadMillis } from "../apps/turns.mjs";
import { median } from "./statistics.mjs";

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
  const blockMillis = await turns.takeLongest();
  turns.stop();
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
 * Runs work several times and returns what one run costs: CPU time of the main thread, of the whole process and of
 * its children, the longest turns of the event loop, and garbage collection by the clock. Garbage is collected when
 * V8 wants to.
 */
export async function watchEach(times, work) {
  const collections = new GCProfiler();
  collections.start();
  const turns = new TurnWatch();
  const before = { cpu: process.cpuUsage(), main: threadMillis(), children: childrenMillis() };
  const longest = [];
  for (let run = 0; run < times; run += 1) {
    await work();
    longest.push(await turns.takeLongest());
  }
  const { user, system } = process.cpuUsage(before.cpu);
  const mainMillis = threadMillis() - before.main;
  turns.stop();
  const collected = collections.stop().statistics.reduce((sum, { cost }) => sum + cost, 0) / 1000;
  return {
    mainMillis: mainMillis / times,
    processMillis: (user + system) / 1000 / times,
    childrenMillis: (childrenMillis() - before.children) / times,
    usualTurnMillis: median(longest),
    longestTurnMillis: Math.max(...longest),
    collectedMillis: collected / times,
  };
}

/** The bytes in use by JavaScript, after all garbage is collected. Needs `--expose-gc`. */
export function usedBytes() {
  for (let times = 0; times < 4; times += 1) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
