import { describe, expect, it } from "vitest";
import { Harness } from "./harness.ts";

describe("what is recorded by hand", () => {
  it("goes before what is measured, from the moment that it is recorded", async () => {
    const harness = new Harness();
    await harness.ticks();
    expect(await harness.value("system_cpu_usage_percent")).toBe(25);
    harness.pipeline.recordSystem({ cpuUsage: 80 });
    expect(await harness.value("system_cpu_usage_percent")).toBe(80);
    await harness.ticks();
    expect(await harness.value("system_cpu_usage_percent")).toBe(80);
    expect(await harness.value("system_memory_usage_percent")).toBe(50);
  });

  it("goes before rates and counts of tasks", async () => {
    const harness = new Harness();
    const tell = (): void => {
      harness.pipeline.instruments.recorder.recordTask({
        taskId: "1",
        agentName: "a",
        taskType: "t",
        success: false,
        executionTime: 1,
      });
    };
    harness.pipeline.recordAgent({ agentName: "a", successRate: 0.9, completedTasks: 41, activeTasks: 3 });
    harness.pipeline.recordSystem({ requestRate: 12, errorRate: 0.25 });
    await harness.ticks(1, tell);
    const a = { agent: "a" };
    expect(await harness.value("ai_cloud_success_rate", a)).toBe(0.9);
    expect(await harness.value("ai_cloud_failure_rate", a)).toBe(1);
    expect(await harness.value("ai_cloud_completed_tasks_total", a)).toBe(41);
    expect(await harness.value("ai_cloud_failed_tasks_total", a)).toBe(1);
    expect(await harness.value("ai_cloud_active_tasks", a)).toBe(3);
    expect(await harness.value("system_request_rate")).toBe(12);
    expect(await harness.value("system_error_rate")).toBe(0.25);
  });

  it("is forecast as what is measured is", async () => {
    const harness = new Harness({ method: "linear-trend" });
    await harness.ticks(20, (tick) => {
      harness.pipeline.recordAgent({ agentName: "a", latencyP95: 10 + tick, taskSuccessRate: 1 - tick / 40 });
    });
    const predicted = await harness.value("ai_cloud_latency_p95_seconds_predicted", { agent: "a" });
    expect(predicted).toBeCloseTo(29 + 6, 6);
    const share = await harness.value("ai_cloud_task_success_rate_predicted", { agent: "a" });
    expect(share).toBeCloseTo(1 - 25 / 40, 6);
  });

  it("shows every number of the contract under its name", async () => {
    const harness = new Harness();
    harness.pipeline.recordAgent({
      agentName: "a",
      cpuUsage: 1,
      memoryUsage: 2,
      successRate: 0.3,
      failureRate: 0.7,
      latencyP50: 4,
      latencyP95: 5,
      latencyP99: 6,
      taskSuccessRate: 0.5,
      failureRecoveryTime: 8,
      resourceConsumption: { tokens: 9 },
      activeTasks: 10,
      completedTasks: 11,
      failedTasks: 12,
    });
    const expected = {
      ai_cloud_cpu_usage_percent: 1,
      ai_cloud_memory_usage_percent: 2,
      ai_cloud_success_rate: 0.3,
      ai_cloud_failure_rate: 0.7,
      ai_cloud_latency_p50_seconds: 4,
      ai_cloud_latency_p95_seconds: 5,
      ai_cloud_latency_p99_seconds: 6,
      ai_cloud_task_success_rate: 0.5,
      ai_cloud_failure_recovery_time_seconds: 8,
      ai_cloud_resource_consumption: 9,
      ai_cloud_active_tasks: 10,
      ai_cloud_completed_tasks_total: 11,
      ai_cloud_failed_tasks_total: 12,
    };
    for (const [name, value] of Object.entries(expected))
      expect([name, await harness.value(name, { agent: "a" })]).toEqual([name, value]);
    harness.pipeline.recordAgent({ agentName: "b", resourceConsumption: 77 });
    expect(await harness.value("ai_cloud_resource_consumption", { agent: "b", resource: "total" })).toBe(77);
    expect(
      harness.pipeline.instruments.book.performance("b", harness.world.now()).resourceConsumption,
    ).toEqual({
      total: 77,
    });
  });

  it("bears the namespace that was asked for", async () => {
    const harness = new Harness({ namespace: "fleet" });
    harness.pipeline.recordAgent({ agentName: "a", cpuUsage: 1 });
    await harness.ticks();
    expect(await harness.value("fleet_cpu_usage_percent", { agent: "a" })).toBe(1);
    expect([...(await harness.shown()).keys()].filter((name) => name.startsWith("ai_cloud"))).toEqual([]);
  });

  it("takes room as what is measured does: what comes beyond is dropped and counted", async () => {
    const harness = new Harness({ maxSeries: 20 });
    for (let tenth = 0; tenth < 10; tenth += 1) {
      harness.pipeline.recordAgent({
        agentName: "a",
        resourceConsumption: Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`r${tenth}${i}`, i])),
      });
    }
    expect((await harness.shown()).get("ai_cloud_resource_consumption")?.length).toBeLessThanOrEqual(20);
    await harness.ticks(2);
    expect(await harness.value("forecast_series_dropped_total", { reason: "max_series" })).toBeGreaterThan(
      900,
    );
  });
});

describe("numbers that cannot be", () => {
  const bad: [unknown, string][] = [
    [Number.NaN, "not_finite"],
    [Number.NEGATIVE_INFINITY, "not_finite"],
    ["5", "not_finite"],
    [5n, "not_finite"],
    [Symbol("5"), "not_finite"],
    [null, "not_finite"],
    [{}, "not_finite"],
    [-1, "negative"],
    [100.5, "out_of_range"],
  ];

  it.each(bad)(
    "%s percent is dropped and counted, and the rest of the record is taken",
    async (value, reason) => {
      const harness = new Harness();
      harness.pipeline.recordSystem({ cpuUsage: value as number, memoryUsage: 33 });
      harness.pipeline.recordAgent({ agentName: "a", cpuUsage: value as number, memoryUsage: 44 });
      await harness.ticks(2);
      expect(await harness.value("system_cpu_usage_percent")).toBe(25);
      expect(await harness.value("system_memory_usage_percent")).toBe(33);
      expect(await harness.value("ai_cloud_memory_usage_percent", { agent: "a" })).toBe(44);
      expect(await harness.value("forecast_skipped_total", { reason })).toBe(2);
    },
  );

  it.each([
    [{ successRate: 1.01 }, "out_of_range"],
    [{ taskSuccessRate: -0.01 }, "negative"],
    [{ completedTasks: Number.POSITIVE_INFINITY }, "not_finite"],
    [{ latencyP50: -1 }, "negative"],
    [{ resourceConsumption: Number.NaN }, "not_finite"],
    [{ resourceConsumption: -3 }, "negative"],
    [{ resourceConsumption: { tokens: Number.NaN, calls: 1 } }, "not_finite"],
    [{ resourceConsumption: { tokens: 7n, calls: 1 } }, "not_finite"],
    [{ resourceConsumption: null }, "not_finite"],
    [{ resourceConsumption: "lots" }, "not_finite"],
  ])("%o of an agent is dropped and counted", async (metrics, reason) => {
    const harness = new Harness();
    harness.pipeline.recordAgent({ agentName: "a", cpuUsage: 1, ...(metrics as object) });
    await harness.ticks(2);
    expect(await harness.value("ai_cloud_cpu_usage_percent", { agent: "a" })).toBe(1);
    expect(await harness.value("forecast_skipped_total", { reason })).toBe(1);
  });

  it.each([undefined, null, 5, "record", Symbol("s"), 5n])("%s is no record", async (record) => {
    const harness = new Harness();
    const { pipeline } = harness;
    pipeline.recordSystem(record as never);
    pipeline.recordAgent(record as never);
    await harness.ticks(2);
    expect(await harness.value("forecast_skipped_total", { reason: "not_an_object" })).toBe(2);
  });

  it("drops an agent without a name, and one too many", async () => {
    const harness = new Harness({ maxSeries: 50 });
    harness.pipeline.recordAgent({ agentName: " ", cpuUsage: 1 });
    for (let i = 0; i < 53; i += 1) harness.pipeline.recordAgent({ agentName: `agent ${i}`, cpuUsage: 1 });
    await harness.ticks(2);
    expect(await harness.value("forecast_skipped_total", { reason: "empty_name" })).toBe(1);
    expect(await harness.value("forecast_skipped_total", { reason: "max_agents" })).toBe(3);
  });
});
