// An agent whose memory really grows, at a steady pace, until it is told by SIGUSR2 to let go of it. Its memory is the
// resident set of this process, as percent of the limit that it would be killed at.
import { PerformanceMonitor } from "otel-forecast";

const MEGABYTE = 1024 ** 2;
const LIMIT_BYTES = 500 * MEGABYTE;
/** Nobody is harmed should the test never send its signal. */
const MOST_BYTES = 800 * MEGABYTE;
const BEAT_MILLIS = 250;
const LEAK_PER_BEAT = 2 * MEGABYTE;

const monitor = new PerformanceMonitor({ agentName: "supervisor" });
await monitor.start();

let kept = [];
let isLeaking = true;
setInterval(() => {
  const rss = process.memoryUsage.rss();
  if (isLeaking && rss < MOST_BYTES) kept.push(Buffer.alloc(LEAK_PER_BEAT, 1));
  const memoryUsage = Math.min(100, (100 * rss) / LIMIT_BYTES);
  monitor.recordAgentMetrics({ agentName: "leaky-agent", memoryUsage });
}, BEAT_MILLIS);

process.on("SIGUSR2", () => {
  isLeaking = false;
  kept = [];
  globalThis.gc();
});
process.on("SIGTERM", async () => {
  await monitor.shutdown();
  process.exit();
});
console.log("leaking");
