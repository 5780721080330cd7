import { describe, expect, it } from "vitest";
import { Harness } from "../run/harness.ts";

describe("a process that serves HTTP", () => {
  it("has the rates, errors and latency of its requests, not of its tasks", async () => {
    const harness = new Harness();
    const meter = harness.application().getMeter("@opentelemetry/instrumentation-http");
    const duration = meter.createHistogram("http.server.request.duration", { unit: "s" });
    await harness.ticks(2, (tick) => {
      duration.record(1, { "http.response.status_code": 200 });
      duration.record(1, { "http.response.status_code": 404 });
      duration.record(1, { "http.response.status_code": 404 });
      duration.record(1, { "http.response.status_code": 503 });
      duration.record(1, { "error.type": "aborted" });
      harness.pipeline.instruments.recorder.recordTask({
        taskId: `${tick}`,
        agentName: "a",
        taskType: "t",
        success: true,
        executionTime: 9,
      });
    });
    expect(await harness.value("system_request_rate")).toBe(0.5);
    expect(await harness.value("system_throughput")).toBe(0.3);
    expect(await harness.value("system_error_rate")).toBe(0.4);
    expect(await harness.value("system_latency_p99_seconds")).toBe(1);
    expect(await harness.value("ai_cloud_latency_p99_seconds", { agent: "a" })).toBe(9);
  });
});
