import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ForecastOptions } from "../../src/config/options.ts";
import { Harness, MINUTE, SECOND, World } from "./harness.ts";

const HOUR = 60 * MINUTE;
const YEAR = 365 * 24 * HOUR;
const app = { agent: "a" };
const ALERTS: NonNullable<ForecastOptions["alerts"]> = [
  { name: "Outage", metric: "orders_per_second", threshold: { below: 2 }, on: "level", for: "30s" },
  { name: "Storm", metric: "orders_per_second", threshold: { above: 20 }, on: "level", for: "30s" },
  { name: "Quiet", metric: "rows_per_second", threshold: { below: 2 }, on: "level", for: "30s" },
  { name: "Flood", metric: "rows_per_second", threshold: { above: 20 }, on: "level", for: "30s" },
  { name: "Failing", metric: "ai_cloud_success_rate", threshold: { below: 0.5 }, on: "level", for: "30s" },
];

const VIEWS: NonNullable<ForecastOptions["views"]> = (["orders", "rows", "level"] as const).map(
  (instrument) => ({
    instruments: [instrument],
    by: "all",
    outputs: [
      {
        name: instrument === "level" ? instrument : `${instrument}.per_second`,
        number: instrument === "level" ? "level" : "rate",
        isPublished: true,
        isForecast: true,
      },
    ],
  }),
);

/** A world whose clocks can be moved alone. */
class ClockWorld extends World {
  setMillis = 0;
  asleepMillis = 0;
  override now = (): number => this.millis + this.setMillis;
  override readonly elapsedMillis = (): number => this.millis - this.asleepMillis;
}

/** An app with five orders and rows a second, and a gauge that goes up and down. */
class App {
  readonly world = new ClockWorld();
  readonly harness: Harness;
  readonly fired = new Set<string>();
  readonly #orders;
  #tick = 0;
  /** Counted by something else than the process, which goes on while the process is paused. */
  #rowsSince: number;

  constructor(options: ForecastOptions = {}) {
    this.harness = new Harness({ horizons: ["5m"], views: VIEWS, alerts: ALERTS, ...options }, this.world);
    const meter = this.harness.application().getMeter("app");
    this.#orders = meter.createCounter("orders");
    this.#rowsSince = this.world.millis;
    meter
      .createObservableCounter("rows")
      .addCallback((result) => result.observe((this.world.millis - this.#rowsSince) / 200));
    meter
      .createObservableGauge("level")
      .addCallback((result) => result.observe(50 + 20 * Math.sin(this.#tick / 30)));
  }

  async ticks(count: number): Promise<void> {
    for (let left = count; left > 0; left -= 1) {
      this.#tick += 1;
      this.#orders.add(50);
      const task = {
        taskId: `${this.#tick}`,
        agentName: "a",
        taskType: "t",
        success: true,
        executionTime: 1,
      };
      this.harness.pipeline.instruments.recorder.recordTask(task);
      await this.harness.ticks(1);
      for (const { name, state } of this.harness.pipeline.alerting.alerts({}))
        if (state === "firing" || state === "pending") this.fired.add(name);
    }
  }

  value(name: string, labels = {}): Promise<number | undefined> {
    return this.harness.value(name, labels);
  }

  get known(): number {
    const series = [...this.harness.pipeline.engine.saved()].find(({ key }) => key.metric === "level");
    return Array.from(series?.tiers[0]?.values ?? []).filter(Number.isFinite).length;
  }

  async expectsForecasts(): Promise<void> {
    expect(await this.value("forecast_ready", { metric: "level" })).toBe(1);
    // The cheapest method: no change.
    expect(await this.value("level_predicted")).toBeCloseTo((await this.value("level")) ?? Number.NaN, 9);
    expect(await this.value("orders_per_second")).toBeCloseTo(5, 9);
    expect([...this.fired]).toEqual([]);
  }
}

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

it("goes on over any steps of the clock and any pauses", async () => {
  const event = fc.record({
    step: fc.oneof(fc.constant(0), fc.integer({ min: -12 * HOUR, max: 12 * HOUR })),
    pause: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 12 * HOUR })),
    sleep: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 12 * HOUR })),
    ticks: fc.integer({ min: 1, max: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 8 }), async (events) => {
      const it = new App();
      await it.ticks(20);
      for (const { step, pause, sleep, ticks } of events) {
        it.world.setMillis += step;
        it.world.millis += pause + sleep;
        it.world.asleepMillis += sleep;
        await it.ticks(ticks);
        expect(await it.value("forecast_ready", { metric: "level" })).toBe(1);
      }
      await it.ticks(4);
      expect(await it.value("forecast_ready", { metric: "level" })).toBe(1);
      expect([...it.harness.pipeline.skips.counts]).toEqual([]);
      expect([...it.fired]).toEqual([]);
    }),
    { numRuns: 15 },
  );
});
