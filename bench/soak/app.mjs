// The app of `npm run soak`: agents with so many tasks a second. Sends its address to its parent, and then a sample of
// what it needs every so many seconds.
import { readdirSync } from "node:fs";
import { constants, monitorEventLoopDelay, PerformanceObserver } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import { PerformanceMonitor } from "otel-forecast";

const AGENTS = 20;
const TURN_MILLIS = 20;
const FAILED_SHARE = 0.05;
/** The time between two looks, which the histogram of the delay includes. */
const RESOLUTION_MILLIS = 10;

const [tasksPerSecond, everySeconds] = process.argv.slice(2).map(Number);
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MILLIS });
const startedAt = performance.now();
const monitor = new PerformanceMonitor({ port: 0, collectionIntervalMillis: 1000 });
let recorded = 0;
let cpu = process.cpuUsage();
/** Bytes of the heap right after its last full collection: what is in use, without what waits to be collected. */
let heapKept = Number.NaN;

new PerformanceObserver((list) => {
  /** @type {any[]} Entries of garbage collections have a detail, which the types leave out. */
  const entries = list.getEntries();
  const full = entries.some(({ detail }) => detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR);
  if (full) heapKept = process.memoryUsage().heapUsed;
}).observe({ entryTypes: ["gc"] });
await monitor.start();
process.send?.({ url: monitor.url });
delay.enable();
setInterval(recordDue, TURN_MILLIS);
setInterval(sample, everySeconds * 1000);

/** Records the tasks that are due by now: a turn that came late has more. */
function recordDue() {
  const due = Math.floor(((performance.now() - startedAt) / 1000) * tasksPerSecond);
  for (; recorded < due; recorded += 1) recordTask(recorded);
}

function recordTask(number) {
  const success = Math.random() >= FAILED_SHARE;
  monitor.recordTaskResult({
    taskId: `task ${number}`,
    agentName: `agent ${number % AGENTS}`,
    taskType: number % 3 === 0 ? "plan" : "act",
    success,
    executionTime: Math.random(),
    ...(success ? {} : { errorType: "timeout" }),
  });
}

function sample() {
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  const used = process.cpuUsage(cpu);
  cpu = process.cpuUsage();
  process.send?.({
    seconds: (performance.now() - startedAt) / 1000,
    rss,
    // The memory of the heap without what is not in use: garbage, and what V8 keeps for new objects.
    inUse: rss - getHeapStatistics().total_physical_size + heapKept,
    heapUsed,
    heapKept,
    arrayBuffers,
    descriptors: descriptors(),
    delayMillis: Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MILLIS),
    cpuCores: (used.user + used.system) / 1e6 / everySeconds,
    recorded,
  });
  delay.reset();
}

/** Open files and sockets; NaN where the system does not list them. */
function descriptors() {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return Number.NaN;
  }
}
