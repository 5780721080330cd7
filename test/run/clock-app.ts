import { expect } from "vitest";
import type { ForecastOptions } from "../../src/config/options.ts";
import { Harness, MINUTE, World } from "./harness.ts";

export const HOUR = 60 * MINUTE;
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
export class App {
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
