import { afterEach, beforeEach, expect, it } from "vitest";
import { scrape, shownValue } from "./harness/exposition.ts";
import { type OtlpSink, startOtlpSink } from "./harness/otlp-sink.ts";
import { PluginApp } from "./harness/plugin-app.ts";

const DELTA = 1;
const CUMULATIVE = 2;
const COUNTED = ["job.items", "ai_cloud.task.duration", "ai_cloud.completed_tasks", "forecast.runs"];

/** Counts with an instrument of its own and by the tasks of an agent, for as long as it runs. */
const app = `
  import { metrics } from "@opentelemetry/api";
  import { AgentSuccessTracker } from "otel-forecast";
  const items = metrics.getMeter("job").createCounter("job.items");
  const tracker = new AgentSuccessTracker();
  let taskId = 0;
  setInterval(() => {
    items.add(1);
    taskId += 1;
    tracker.recordTask({ taskId: String(taskId), agentName: "a", taskType: "t", success: true, executionTime: 1 });
  }, 50);
`;

let sink: OtlpSink;
let started: PluginApp | undefined;

beforeEach(async () => {
  sink = await startOtlpSink();
});
afterEach(async () => {
  await started?.stop();
  await sink.stop();
});

async function pushing(preference: string): Promise<PluginApp> {
  started = await PluginApp.start(["--input-type=module", "--eval", app], {
    OTEL_METRICS_EXPORTER: "otlp,prometheus",
    OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    OTEL_METRIC_EXPORT_INTERVAL: "1000",
    OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: preference,
  });
  await started.waitFor("several pushes", () =>
    COUNTED.every((name) => sink.counted(name).length >= 4) ? true : undefined,
  );
  return started;
}

it.each(["delta", "lowmemory"])(
  "pushes increments of the app and of ours with the preference %s, and shows totals on /metrics",
  async (preference) => {
    const { metricsUrl } = await pushing(preference);
    for (const name of COUNTED)
      expect(new Set(sink.counted(name).map(({ temporality }) => temporality))).toEqual(new Set([DELTA]));
    const pushed = sink.counted("ai_cloud.completed_tasks").map(({ count }) => count);
    const shown = shownValue(await scrape(metricsUrl), "ai_cloud_completed_tasks_total", { agent: "a" });
    const sum = pushed.reduce((total, count) => total + count, 0);
    expect(sum).toBeGreaterThan(Math.max(...pushed));
    expect(shown).toBeGreaterThanOrEqual(sum);
  },
);

it("pushes totals by default", async () => {
  await pushing("");
  for (const name of COUNTED) {
    const counts = sink.counted(name);
    expect(new Set(counts.map(({ temporality }) => temporality))).toEqual(new Set([CUMULATIVE]));
    expect(counts.map(({ count }) => count)).toEqual(
      counts.map(({ count }) => count).toSorted((a, b) => a - b),
    );
  }
});
