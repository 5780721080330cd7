import { AgentSuccessTracker } from "../../build/src/api/agent-success-tracker.js";
import { BenchMonitor } from "../harness/bench-monitor.mjs";
import { usedBytes, watch } from "../harness/watch.mjs";

/** Every minute: every ten seconds for more than an hour would take too long. */
const INTERVAL_MILLIS = 60_000;

/**
 * @param agents the number of distinct agents that the app has had; `ticks` the collections in which they have come,
 * each with one task and never seen again
 */
export async function setup({ agents, ticks }) {
  const monitor = new BenchMonitor({ collectionIntervalMillis: INTERVAL_MILLIS });
  // @ts-expect-error The declarations of build/ leave out constructors that are internal.
  const tracker = new AgentSuccessTracker(monitor.pipeline.instruments);
  let come = 0;
  for (let tick = 1; tick <= ticks; tick += 1) {
    for (; come < (agents * tick) / ticks; come += 1) tracker.recordTask(taskOf(come));
    await monitor.tick();
  }
  const heldBytes = usedBytes();
  const residentBytes = process.memoryUsage.rss();
  const scrape = await monitor.serve();
  return async () => {
    let pageBytes = 0;
    const page = await watch(async () => {
      pageBytes = await scrape();
    });
    return {
      agents,
      residentBytes,
      heldBytes,
      scrapedBytes: process.memoryUsage.rss(),
      scrapeMillis: page.cpuMillis,
      turnMillis: page.blockMillis,
      pageBytes,
      kept: monitor.pipeline.instruments.book.agentNames.length,
      series: monitor.pipeline.health().series,
      dropped: monitor.pipeline.skips.counts.get("max_agents") ?? 0,
    };
  };
}

function taskOf(number) {
  const success = number % 10 > 0;
  return {
    taskId: `task-${number}`,
    agentName: `agent-${number}`,
    taskType: "answer",
    success,
    executionTime: 0.5,
    ...(success ? {} : { errorType: "TimeoutError" }),
  };
}
