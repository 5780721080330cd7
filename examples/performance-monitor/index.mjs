import { setTimeout as delay } from "node:timers/promises";
import { PerformanceMonitor } from "otel-forecast";

const monitor = new PerformanceMonitor({
  port: Number(process.env.PORT ?? 9091),
  collectionIntervalMillis: 100,
  horizons: ["5s", "1m"],
  thresholds: { ai_cloud_task_success_rate: { below: 0.95 } },
});
await monitor.start();
const reviewer = monitor.agent("reviewer");

/** Every tenth document cannot be read: its task fails with the type of the error. */
async function review(document) {
  await delay(5 + (document % 4));
  if (document % 10 === 0) throw new SyntaxError(`document ${document} is broken`);
  return `document ${document}: fine`;
}

// The work is timed and counted as active. Its result or its error is passed on unchanged.
for (let document = 1; document <= 200; document += 1) {
  await reviewer.task("review", () => review(document)).catch(() => {});
}
// An aborted task is cancelled: it is neither a success nor a failure.
await reviewer.task("review", async () => AbortSignal.abort().throwIfAborted()).catch(() => {});

const { completedTasks, failedTasks, cancelledTasks, taskSuccessRate } =
  monitor.getPerformanceSummary("reviewer");
console.log({ completedTasks, failedTasks, cancelledTasks, taskSuccessRate });

const [forecast] = monitor.getForecasts({
  agentName: "reviewer",
  metricName: "ai_cloud_task_success_rate",
  horizonSeconds: 60,
});
if (forecast?.state === "ready") {
  console.log(`in a minute: ${(100 * forecast.predictedValue).toFixed(0)}%`);
  console.log(forecast.recommendation);
}

await monitor.shutdown();
