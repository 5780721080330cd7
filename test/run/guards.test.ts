import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { eventually } from "../eventually.ts";
import { Harness, SECOND } from "./harness.ts";

const logger = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), debug: vi.fn(), verbose: vi.fn() };

beforeEach(() => {
  vi.clearAllMocks();
  diag.setLogger(logger, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true });
});

afterEach(() => {
  vi.useRealTimers();
  diag.disable();
});

const said = (): string[] => logger.warn.mock.calls.map(([line]) => String(line));

describe("callbacks of the application", () => {
  it("that throw lose their own metric, are counted each time and logged once", async () => {
    const harness = new Harness();
    const meter = harness.application().getMeter("app");
    meter.createObservableGauge("broken").addCallback(() => {
      throw new RangeError("no sensor");
    });
    meter.createObservableGauge("sound").addCallback((result) => result.observe(3));
    await harness.ticks(15);
    expect(await harness.value("sound_predicted")).toBe(3);
    expect(await harness.value("forecast_skipped_total", { reason: "callback_failed" })).toBe(14);
    expect(said().filter((line) => line.includes("skipped (callback_failed): RangeError."))).toHaveLength(1);
  });

  it("that hang delay a collection up to a limit, and the rest is collected", async () => {
    const harness = new Harness();
    const meter = harness.application().getMeter("app");
    meter.createObservableGauge("hung").addCallback(() => new Promise(() => {}));
    meter.createObservableGauge("sound").addCallback((result) => result.observe(3));
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    for (let tick = 0; tick < 14; tick += 1) {
      const ticked = harness.ticks();
      await vi.advanceTimersByTimeAsync(5000);
      await ticked;
    }
    vi.useRealTimers();
    expect(await harness.value("sound_predicted")).toBe(3);
    expect(await harness.value("system_cpu_usage_percent_predicted")).toBe(25);
    expect(harness.pipeline.skips.counts.get("callback_failed")).toBe(14);
  });

  it("that observe something else than a number have no effect", async () => {
    const harness = new Harness();
    const meter = harness.application().getMeter("app");
    const gauge = meter.createObservableGauge("odd");
    gauge.addCallback((result) => {
      result.observe(Number.NaN, { kind: "nan" });
      result.observe(Number.POSITIVE_INFINITY, { kind: "infinity" });
      result.observe("5" as never, { kind: "string" });
      result.observe(5, { kind: "good" });
    });
    await harness.ticks(15);
    const kinds = (await harness.shown()).get("odd_predicted")?.map(({ labels }) => labels.kind);
    expect(kinds).toEqual(["good"]);
  });
});

describe("a machine that cannot be measured", () => {
  it("loses only its own metrics", async () => {
    const harness = new Harness();
    harness.world.sampling = () => Promise.reject(new Error("no /proc"));
    harness.pipeline.recordAgent({ agentName: "a", latencyP50: 4 });
    await harness.ticks(2);
    expect(await harness.value("system_cpu_usage_percent")).toBeUndefined();
    expect(await harness.value("ai_cloud_latency_p50_seconds")).toBe(4);
    expect(harness.pipeline.skips.counts.get("callback_failed")).toBe(2);
  });
});

describe("the timer", () => {
  it("collects at every interval from the start to the end", async () => {
    const harness = new Harness({ collectionIntervalMillis: 2 * SECOND });
    harness.pipeline.start();
    harness.pipeline.start();
    const timers = [...harness.world.set];
    // The other timer measures the event loop.
    expect(timers.map(({ millis }) => millis)).toEqual([2000, 100]);
    await harness.pipeline.collect();
    expect(await harness.value("system_cpu_usage_percent")).toBe(25);
    harness.world.sampled = { cpuPercent: 26 };
    timers[0]?.callback();
    await eventually(async () => expect(await harness.value("system_cpu_usage_percent")).toBe(26));
    await harness.pipeline.stop();
    expect(harness.world.set.size).toBe(0);
  });

  it("skips a tick while the last tick still runs, counts it and logs it once", async () => {
    const harness = new Harness();
    let release: () => void = () => {};
    harness.world.sampling = () =>
      new Promise((resolve) => {
        release = () => resolve({ cpuPercent: 1 });
      });
    harness.pipeline.start();
    const [timer] = harness.world.set;
    timer?.callback();
    timer?.callback();
    expect(harness.pipeline.skips.counts.get("tick_overrun")).toBe(2);
    expect(said().filter((line) => line.includes("tick_overrun"))).toHaveLength(1);
    await eventually(() => expect(release).toBeTypeOf("function"));
    harness.world.sampling = async () => ({ cpuPercent: 2 });
    await new Promise((resolve) => setImmediate(resolve));
    release();
    await harness.pipeline.collect();
    expect(await harness.value("system_cpu_usage_percent")).toBe(2);
    await harness.pipeline.stop();
  });

  it("collects again when asked during a collection, to read what was recorded meanwhile", async () => {
    const harness = new Harness();
    harness.pipeline.start();
    const first = harness.pipeline.collect();
    const [timer] = harness.world.set;
    timer?.callback();
    harness.pipeline.instruments.recorder.recordTask({
      taskId: "1",
      agentName: "a",
      taskType: "t",
      success: true,
      executionTime: 1,
    });
    await Promise.all([first, harness.pipeline.collect()]);
    expect(await harness.value("ai_cloud_completed_tasks_total", { agent: "a" })).toBe(1);
    await harness.pipeline.stop();
  });

  it("collects for the last time when it stops", async () => {
    const harness = new Harness();
    harness.pipeline.start();
    await harness.pipeline.collect();
    harness.world.sampled = { cpuPercent: 99 };
    await harness.pipeline.stop();
    expect(await harness.value("system_cpu_usage_percent")).toBe(99);
  });
});

describe("health", () => {
  it("is good while collections run, and bad when they stall", async () => {
    const harness = new Harness();
    await harness.ticks();
    expect(harness.pipeline.health()).toMatchObject({ healthy: true, secondsSinceCollection: 0 });
    expect(harness.pipeline.health().series).toBeGreaterThan(3);
    harness.world.millis += 35 * SECOND;
    expect(harness.pipeline.health()).toMatchObject({ healthy: true, secondsSinceCollection: 35 });
    harness.world.millis += 1;
    expect(harness.pipeline.health().healthy).toBe(false);
    await harness.ticks();
    expect(harness.pipeline.health().healthy).toBe(true);
  });

  it("stays good when the clock is put back", async () => {
    const harness = new Harness();
    await harness.ticks();
    harness.world.millis -= 3600 * SECOND;
    expect(harness.pipeline.health()).toMatchObject({ healthy: true, secondsSinceCollection: 0 });
    await harness.ticks();
    expect(await harness.value("system_cpu_usage_percent")).toBe(25);
  });
});

describe("more series than the maximum", () => {
  it("are dropped, counted and logged once; existing series are complete", async () => {
    const harness = new Harness({ maxSeries: 30 });
    const gauge = harness.application().getMeter("app").createObservableGauge("level");
    let series = 5;
    gauge.addCallback((result) => {
      for (let id = 0; id < series; id += 1) result.observe(id, { id: String(id) });
    });
    await harness.ticks(13);
    series = 29;
    await harness.ticks(2);
    const predicted = (await harness.shown()).get("level_predicted") ?? [];
    expect(predicted.map(({ labels }) => labels.id)).toEqual(["0", "1", "2", "3", "4"]);
    expect(await harness.value("forecast_series")).toBeLessThanOrEqual(30);
    expect(await harness.value("forecast_series_dropped_total", { reason: "max_series" })).toBeGreaterThan(0);
    const dropping = said().filter((line) => line.includes("dropping series (max_series)"));
    expect(dropping).toHaveLength(1);
    // The line names the metric and its labels, so that the source can be found.
    expect(dropping[0]).toMatch(/, the first is level \{id: text of \d+ characters?\}/);
  });
});
