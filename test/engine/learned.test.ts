import { describe, expect, it } from "vitest";
import type { ForecastOptions } from "../../src/config/options.ts";
import type { ReadyForecast } from "../../src/core/forecast.ts";
import { Harness, MINUTE } from "../run/harness.ts";

/** A level that has risen some minutes ago. */
const level = (minute: number): number => (minute < 40 ? 20 : 60) + 5 * Math.sin(minute * minute);

async function forecastWith(options: ForecastOptions): Promise<ReadyForecast> {
  const harness = new Harness({
    method: "auto",
    horizons: ["5m"],
    collectionIntervalMillis: MINUTE,
    forecastIntervalMillis: MINUTE,
    ...options,
  });
  const gauge = harness.application().getMeter("app").createGauge("load");
  let minute = 0;
  await harness.ticks(50, () => gauge.record(level(minute++)));
  return harness.pipeline.engine.forecasts({ metricName: "load" })[0] as ReadyForecast;
}

describe("a process with learned weights", () => {
  it("uses them by the name of the method, and in auto when they are switched on", async () => {
    const byErrors = await forecastWith({});
    const named = await forecastWith({ method: "learned" });
    expect(named.method).toMatch(/^learned: /);
    expect(named.upper).not.toBe(byErrors.upper);
    const auto = await forecastWith({ learned: true });
    expect(auto.method).toMatch(/^auto: /);
    expect(auto.upper).toBe(named.upper);
    expect(auto.predictedValue).toBe(named.predictedValue);
  });

  it("uses them for the metrics of a view", async () => {
    const output = { name: "load", number: "level", unit: "", isPublished: false, isForecast: true } as const;
    const view = { instruments: ["load"], by: "all", method: "learned", outputs: [output] } as const;
    const { method } = await forecastWith({ views: [view] });
    expect(method).toMatch(/^learned: /);
  });

  it("dismisses them as it does auto", async () => {
    const wave = (minute: number): number => 50 + 20 * Math.sin((2 * Math.PI * minute) / 20);
    const harness = new Harness({
      method: "learned",
      horizons: ["5m"],
      collectionIntervalMillis: MINUTE,
      forecastIntervalMillis: 240 * MINUTE,
    });
    const gauge = harness.application().getMeter("app").createGauge("load");
    let minute = 0;
    await harness.ticks(300, () => gauge.record(wave(minute++)));
    const method = (): string =>
      (harness.pipeline.engine.forecasts({ metricName: "load" })[0] as ReadyForecast).method;
    expect(method()).toMatch(/^learned: /);
    await harness.ticks(25, () => gauge.record(60 + 0.1 * Math.sin(minute * minute++)));
    expect(method()).toBe("naive");
  });
});
