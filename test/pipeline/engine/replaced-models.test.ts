import { describe, expect, it } from "vitest";
import type { ReadyForecast } from "../../../src/core/forecast.ts";
import { Harness, MINUTE } from "../harness.ts";

/** A wave of twenty minutes: every method that looks for seasons is far better than naive on it. */
function wave(minute: number): number {
  return 50 + 20 * Math.sin((2 * Math.PI * minute) / 20);
}

/** Steps up and down that come at no rhythm, by a sequence that is always the same: naive is hard to beat. */
function steps(minute: number): number {
  const turn = Math.floor(minute / 7);
  return 50 + (((turn * 7919) % 101) - 50) / 2;
}

interface World {
  readonly harness: Harness;
  run(minutes: number, value: (minute: number) => number): Promise<void>;
  forecast(): ReadyForecast;
}

function world(method = "auto"): World {
  const harness = new Harness({
    method,
    horizons: ["5m"],
    collectionIntervalMillis: MINUTE,
    forecastIntervalMillis: 24 * 60 * MINUTE,
  });
  const gauge = harness.application().getMeter("app").createGauge("load");
  let minute = 0;
  return {
    harness,
    run: (minutes, value) => harness.ticks(minutes, () => gauge.record(value(minute++))),
    forecast: () => harness.pipeline.forecasts({ metricName: "load" })[0] as ReadyForecast,
  };
}

describe("a model that has become worse than naive", () => {
  it("is replaced by naive within 64 scored forecasts, without waiting for the next selection, and not before", async () => {
    const { harness, run, forecast } = world();
    await run(240, wave);
    const good = await harness.value("forecast_error_ratio", { metric: "load", horizon: "5m" });
    expect(good).toBeLessThan(0.5);
    expect(forecast().method).not.toBe("naive");
    const chosen = forecast().method;
    let minutes = 0;
    while (forecast().method === chosen && minutes < 64 + 5) {
      await run(1, steps);
      minutes++;
    }
    expect(forecast().method).toBe("naive");
    expect(minutes).toBeGreaterThan(5);
    const now = await harness.value("load");
    expect(await harness.value("load_predicted", { horizon: "5m" })).toBe(now ?? forecast().predictedValue);
    expect(await harness.value("forecast_error_ratio", { metric: "load", horizon: "5m" })).toBe(1);
    expect(
      await harness.value("forecast_interval_coverage", { metric: "load", horizon: "5m" }),
    ).toBeUndefined();
    expect(await harness.value("forecast_ready", { metric: "load" })).toBe(1);
    const lower = (await harness.value("load_predicted_lower", { horizon: "5m" })) as number;
    const upper = (await harness.value("load_predicted_upper", { horizon: "5m" })) as number;
    expect(upper).toBeGreaterThan(lower);
  });

  it("gives way to a model again that proves itself", async () => {
    const { harness, run, forecast } = world();
    await run(240, wave);
    await run(69, steps);
    expect(forecast().method).toBe("naive");
    await run(24, wave);
    expect(forecast().method).toBe("naive");
    await run(300, wave);
    expect(forecast().method).not.toBe("naive");
    expect(await harness.value("forecast_error_ratio", { metric: "load", horizon: "5m" })).toBeLessThan(1);
  });

  it("stays when a person named it", async () => {
    const { harness, run, forecast } = world("linear-trend");
    await run(240, wave);
    await run(100, steps);
    expect(forecast().method).toContain("linear-trend");
    expect(await harness.value("forecast_error_ratio", { metric: "load", horizon: "5m" })).toBeGreaterThan(1);
  });
});

describe("before a series is ready", () => {
  it("says nothing of a threshold, even one that is crossed", async () => {
    const harness = new Harness({
      method: "auto",
      horizons: ["5m", "1h"],
      collectionIntervalMillis: MINUTE,
      thresholds: { load: { above: 10 } },
    });
    const gauge = harness.application().getMeter("app").createGauge("load");
    for (let minute = 0; minute < 40; minute++) {
      await harness.ticks(1, () => gauge.record(100 + minute));
      const isReady = (await harness.value("forecast_ready", { metric: "load" })) === 1;
      const crossing = await harness.value("forecast_time_to_threshold_seconds", { metric: "load" });
      const states = harness.pipeline.forecasts({ metricName: "load" }).map(({ state }) => state);
      if (minute < 12) expect(isReady, `minute ${minute}`).toBe(false);
      expect(crossing, `minute ${minute}`).toBe(isReady ? 0 : undefined);
      expect(states.includes("ready"), `minute ${minute}`).toBe(isReady);
    }
    expect(await harness.value("forecast_ready", { metric: "load" })).toBe(1);
  });
});
