import { describe, expect, it } from "vitest";
import { Harness, MINUTE } from "./harness.ts";

const options = { expiryMillis: 5 * MINUTE, windowMillis: MINUTE };

function taskOf(harness: Harness, agentName: string, taskId: string): void {
  harness.pipeline.instruments.recorder.recordTask({
    taskId,
    agentName,
    taskType: "t",
    success: true,
    executionTime: 1,
  });
}

describe("an agent that is not heard of", () => {
  it("leaves with all its measured, predicted and counted series, and no others leave", async () => {
    const harness = new Harness(options);
    const { recorder } = harness.pipeline.instruments;
    recorder.recordFailure({ failureId: "f", agentName: "gone", failureType: "crash" });
    recorder.recordRetriedAttempt({ agentName: "gone", taskType: "t" });
    harness.pipeline.recordAgent({ agentName: "gone", cpuUsage: 5, resourceConsumption: { tokens: 7 } });
    await harness.ticks(20, (tick) => {
      taskOf(harness, "stays", `${tick}`);
      if (tick < 15) taskOf(harness, "gone", `${tick}`);
    });
    // A backtest is shown only until past forecasts were scored.
    const before = (await harness.namesWith("agent", "stays")).filter((name) => !name.includes("backtest"));
    const ofSystem = (await harness.shown()).get("system_request_rate");
    expect(before).toContain("ai_cloud_latency_p95_seconds_predicted");
    expect(await harness.namesWith("agent", "gone")).toEqual(expect.arrayContaining(before));
    // Last heard of 140 s after the start, and now it is 200 s.
    await harness.ticks(23, (tick) => taskOf(harness, "stays", `later ${tick}`));
    expect(await harness.namesWith("agent", "gone")).toEqual(expect.arrayContaining(before));
    await harness.ticks(1, () => taskOf(harness, "stays", "last"));
    expect(await harness.namesWith("agent", "gone")).toEqual([]);
    expect(harness.pipeline.engine.forecasts({ agentName: "gone" })).toEqual([]);
    expect(await harness.namesWith("agent", "stays")).toEqual(expect.arrayContaining(before));
    expect((await harness.shown()).get("system_request_rate")).toHaveLength(ofSystem?.length as number);
    expect(harness.pipeline.engine.forecasts({ agentName: "stays" })[0]?.state).toBe("ready");
  });

  it("does not come back by itself", async () => {
    const harness = new Harness(options);
    await harness.ticks(2, (tick) => {
      taskOf(harness, "gone", `${tick}`);
      taskOf(harness, "stays", `${tick}`);
    });
    await harness.ticks(60, (tick) => {
      if (tick % 6 === 0) taskOf(harness, "stays", `later ${tick}`);
    });
    expect(await harness.namesWith("agent", "gone")).toEqual([]);
    expect(await harness.namesWith("agent", "stays")).toContain("ai_cloud_success_rate");
  });

  it("starts again from 0 when it is heard of again", async () => {
    const harness = new Harness(options);
    const gone = { agent: "gone" };
    await harness.ticks(2, (tick) => taskOf(harness, "gone", `${tick}`));
    await harness.ticks(40);
    expect(await harness.value("ai_cloud_completed_tasks_total", gone)).toBeUndefined();
    await harness.ticks(1, () => taskOf(harness, "gone", "0"));
    expect(await harness.value("ai_cloud_completed_tasks_total", gone)).toBe(1);
    const [forecast] = harness.pipeline.engine.forecasts({ metricName: "ai_cloud_task_success_rate" });
    expect(forecast?.state).toBe("warming-up");
  });

  it("stays while one of its tasks is open", async () => {
    const harness = new Harness(options);
    harness.pipeline.instruments.recorder.startTask({ taskId: "1", agentName: "busy", taskType: "t" });
    await harness.ticks(60);
    expect(await harness.value("ai_cloud_active_tasks", { agent: "busy" })).toBe(1);
  });

  it("leaves also when its series were published at once but did not fit into the store", async () => {
    const harness = new Harness({ ...options, maxSeries: 3 });
    for (const agentName of ["1", "2", "3"]) {
      harness.pipeline.recordAgent({ agentName, cpuUsage: 1, memoryUsage: 2, latencyP50: 3, latencyP95: 4 });
    }
    // The first agent takes the room for three series.
    expect(await harness.namesWith("agent", "1")).toEqual([
      "ai_cloud_cpu_usage_percent",
      "ai_cloud_latency_p50_seconds",
      "ai_cloud_memory_usage_percent",
    ]);
    await harness.ticks(40);
    for (const agent of ["1", "2", "3"]) expect(await harness.namesWith("agent", agent)).toEqual([]);
  });
});

describe("an instrument of the application that is silent", () => {
  it("leaves after the expiry, and other series stay", async () => {
    const harness = new Harness(options);
    const meter = harness.application().getMeter("app");
    const orders = meter.createCounter("orders");
    const level = meter.createObservableGauge("level");
    level.addCallback((result) => result.observe(5));
    orders.add(1, { shop: "silent" });
    await harness.ticks(29, () => orders.add(1, { shop: "open" }));
    expect(await harness.value("orders_per_second", { shop: "silent" })).toBe(0);
    await harness.ticks(2, () => orders.add(1, { shop: "open" }));
    expect(await harness.value("orders_per_second", { shop: "silent" })).toBeUndefined();
    expect(await harness.value("orders_per_second", { shop: "open" })).toBe(0.1);
    expect(await harness.value("level_predicted")).toBe(5);
  });
});

describe("an expiry that is shorter than the collection interval", () => {
  it("expires nothing that both collections measure", async () => {
    const harness = new Harness({ expiryMillis: 1000 }, undefined, undefined, () => {});
    await harness.ticks(20, (tick) => taskOf(harness, "a", `${tick}`));
    expect(harness.pipeline.engine.forecasts({ metricName: "system_cpu_usage_percent" })[0]?.state).toBe(
      "ready",
    );
    expect(await harness.value("ai_cloud_completed_tasks_total", { agent: "a" })).toBe(20);
  });
});
