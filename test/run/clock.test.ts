import { describe, expect, it } from "vitest";
import { App, HOUR } from "./clock-app.ts";
import { MINUTE, SECOND } from "./harness.ts";

const YEAR = 365 * 24 * HOUR;
const app = { agent: "a" };

const STEPS = [5 * MINUTE, 30 * MINUTE, HOUR, 12 * HOUR, 10 * YEAR].flatMap((it) => [it, -it]);

describe.each(STEPS)("a clock that is set by %i ms", (step) => {
  it("loses nothing, and forecasts go on", async () => {
    const it = new App();
    await it.ticks(100);
    it.world.setMillis = step;
    for (let tick = 1; tick <= 60; tick += 1) {
      await it.ticks(1);
      await it.expectsForecasts();
      expect(it.known).toBe(99 + tick);
    }
    expect(it.harness.pipeline.engine.forecasts({ metricName: "level" })[0]?.at).toBe(it.world.now());
    expect(await it.value("rows_per_second")).toBeCloseTo(5, 9);
    expect(await it.value("forecast_error_ratio", { metric: "level" })).toBe(1);
  });

  it("costs nothing if it is right again at the next collection", async () => {
    const it = new App();
    await it.ticks(100);
    it.world.setMillis = step;
    await it.ticks(1);
    it.world.setMillis = 0;
    await it.ticks(20);
    await it.expectsForecasts();
    expect(it.known).toBe(120);
  });

  it("does not keep or end sources before their time", async () => {
    const it = new App({ expiryMillis: 10 * MINUTE });
    await it.ticks(20);
    it.harness.pipeline.instruments.recorder.recordFailure({
      failureId: "f",
      agentName: "gone",
      failureType: "crash",
    });
    await it.ticks(2);
    it.world.setMillis = step;
    await it.ticks(56);
    expect(await it.harness.namesWith("agent", "gone")).toContain("ai_cloud_open_failures");
    await it.ticks(4);
    expect(await it.harness.namesWith("agent", "gone")).toEqual([]);
    expect(await it.harness.namesWith("agent", "a")).toContain("ai_cloud_success_rate");
  });
});

describe("a pending alert", () => {
  const alerts = [
    { name: "High", metric: "level", threshold: { above: 60 }, on: "level", for: "5m" } as const,
  ];
  /** How long it waits if the clock is set meanwhile. */
  const ticksToFire = async (step: number): Promise<number> => {
    const it = new App({ alerts });
    const state = () => it.harness.pipeline.alerting.alerts({ name: "High" })[0]?.state;
    for (let tick = 0; state() !== "pending" && tick < 100; tick += 1) await it.ticks(1);
    await it.ticks(5);
    it.world.setMillis = step;
    for (let tick = 5; tick < 100; tick += 1) {
      await it.ticks(1);
      if (state() === "firing") return tick;
    }
    throw new Error("it does not fire");
  };

  it.each(STEPS)("waits as long as without it if the clock is set by %i ms", async (step) => {
    expect(await ticksToFire(step)).toBe(await ticksToFire(0));
  });
});

describe.each([
  ["stands still meanwhile", true],
  ["goes on meanwhile", false],
])("a process that is paused for six hours, and whose monotonic clock %s", (_, stands) => {
  const pause = (it: App): void => {
    it.world.millis += 6 * HOUR;
    if (stands) it.world.asleepMillis += 6 * HOUR;
  };

  it("forecasts at once, and reports neither an outage nor a storm", async () => {
    const it = new App();
    await it.ticks(100);
    pause(it);
    for (let tick = 1; tick <= 60; tick += 1) {
      await it.ticks(1);
      await it.expectsForecasts();
    }
    expect(await it.value("rows_per_second")).toBeCloseTo(5, 0);
    expect(it.known).toBeGreaterThan(150);
  });

  it("does not let a pending alert fire for what happened before", async () => {
    const alerts = [
      { name: "High", metric: "level", threshold: { above: 69 }, on: "level", for: "5m" } as const,
    ];
    const it = new App({ alerts });
    const standing = () => it.harness.pipeline.alerting.alerts({ name: "High" })[0]?.state;
    for (let tick = 0; standing() !== "pending" && tick < 100; tick += 1) await it.ticks(1);
    pause(it);
    await it.ticks(1);
    expect(standing()).toBe("pending");
  });

  it("leaves what the machine did per second out of the average over the pause", async () => {
    const it = new App();
    await it.ticks(3);
    it.world.sampled = { ...it.world.sampled, processCpuPercent: 0.001, cpuPercent: 90, memoryPercent: 51 };
    pause(it);
    await it.ticks(1);
    expect(await it.value("system_cpu_usage_percent")).toBe(25);
    expect(await it.value("ai_cloud_cpu_usage_percent", app)).toBe(5);
    expect(await it.value("system_memory_usage_percent")).toBe(51);
    await it.ticks(1);
    expect(await it.value("system_cpu_usage_percent")).toBe(90);
  });
});

describe("forecast_ready", () => {
  it("is 0 while the forecasts of a series stand still, because it is under maintenance", async () => {
    const it = new App();
    await it.ticks(30);
    const end = it.harness.pipeline.alerting.beginMaintenance({ metricName: "level" });
    await it.ticks(1);
    expect(await it.value("forecast_ready", { metric: "level" })).toBe(0);
    expect(await it.value("level_predicted")).toBeDefined();
    expect(await it.value("forecast_ready", { metric: "orders_per_second" })).toBe(1);
    end();
    await it.ticks(2);
    await it.expectsForecasts();
  });

  it("is 0 while there are no collections, and 1 after the next one", async () => {
    const it = new App();
    await it.ticks(30);
    it.world.millis += 36 * SECOND;
    expect(await it.value("forecast_ready", { metric: "level" })).toBe(0);
    expect(it.harness.pipeline.health().healthy).toBe(false);
    await it.ticks(1);
    expect(await it.value("forecast_ready", { metric: "level" })).toBe(1);
  });
});
