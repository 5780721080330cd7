import { describe, expect, it } from "vitest";
import type { ReadyForecast } from "../../src/core/forecast.ts";
import { Harness, MINUTE } from "../run/harness.ts";

/** A wave of twenty minutes: whatever looks for seasons is far better than naive on it. */
function wave(minute: number): number {
  return 50 + 20 * Math.sin((2 * Math.PI * minute) / 20);
}

/** The wave has come to rest: who goes on about it is wrong, and naive is right. */
function calm(minute: number): number {
  return 60 + 0.1 * Math.sin(minute * minute);
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
    forecastIntervalMillis: 240 * MINUTE,
  });
  const gauge = harness.application().getMeter("app").createGauge("load");
  let minute = 0;
  return {
    harness,
    run: (minutes, value) => harness.ticks(minutes, () => gauge.record(value(minute++))),
    forecast: () => harness.pipeline.engine.forecasts({ metricName: "load" })[0] as ReadyForecast,
  };
}

describe("a model that has become worse than naive", () => {
  it("is replaced by naive within four horizons of samples, long before the next selection", async () => {
    const { harness, run, forecast } = world();
    await run(300, wave);
    const chosen = forecast().method;
    expect(chosen).not.toBe("naive");
    expect(await harness.value("forecast_error_ratio", { metric: "load", horizon: "5m" })).toBeLessThan(0.8);
    let minutes = 0;
    while (forecast().method === chosen && minutes < 100) {
      await run(1, calm);
      minutes++;
    }
    expect(minutes).toBeGreaterThan(5);
    expect(minutes).toBeLessThanOrEqual(20);
    const { method, predictedValue, errorVersusNaive, lower, upper } = forecast();
    expect(method).toBe("naive");
    expect(errorVersusNaive).toBe(1);
    expect(predictedValue).toBeCloseTo(60, 0);
    expect(lower).toBeLessThan(predictedValue);
    expect(upper).toBeGreaterThan(predictedValue);
    expect(await harness.value("load_predicted", { horizon: "5m" })).toBe(predictedValue);
    expect(await harness.value("forecast_error_ratio", { metric: "load", horizon: "5m" })).toBe(1);
    expect(
      await harness.value("forecast_interval_coverage", { metric: "load", horizon: "5m" }),
    ).toBeUndefined();
    expect(await harness.value("forecast_ready", { metric: "load" })).toBe(1);
  });

  it("gives way to a model that was chosen out of turn and proves itself, and not before", async () => {
    const { harness, run, forecast } = world();
    await run(300, wave);
    await run(25, calm);
    expect(forecast().method).toBe("naive");
    await run(15, wave);
    expect(forecast().method).toBe("naive");
    // The next selection in turn comes with minute 480 at the earliest.
    await run(100, wave);
    expect(forecast().method).not.toBe("naive");
    expect(await harness.value("forecast_error_ratio", { metric: "load", horizon: "5m" })).toBeLessThan(1);
  });

  it("stays when a person named it", async () => {
    const { harness, run, forecast } = world("linear-trend");
    await run(300, wave);
    await run(60, calm);
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
      const states = harness.pipeline.engine.forecasts({ metricName: "load" }).map(({ state }) => state);
      if (minute < 12) expect(isReady, `minute ${minute}`).toBe(false);
      expect(crossing, `minute ${minute}`).toBe(isReady ? 0 : undefined);
      expect(states.includes("ready"), `minute ${minute}`).toBe(isReady);
    }
    expect(await harness.value("forecast_ready", { metric: "load" })).toBe(1);
  });
});
