import { describe, expect, it } from "vitest";
import type { ReadyForecast } from "../../src/core/forecast.ts";
import { Harness, MINUTE } from "../run/harness.ts";

/** A wave of twenty minutes. A method with seasons is far better than naive on it. */
function wave(minute: number): number {
  return 50 + 20 * Math.sin((2 * Math.PI * minute) / 20);
}

/** The wave has stopped. A model that continues it is wrong, and naive is right. */
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
  it("is replaced by naive within five horizons of samples, long before the next selection", async () => {
    const { harness, run, forecast } = world();
    await run(300, wave);
    expect(forecast().method).not.toBe("naive");
    expect(await harness.value("forecast_error_ratio", { metric: "load", horizon: "5m" })).toBeLessThan(0.8);
    let minutes = 0;
    while (forecast().method !== "naive" && minutes < 100) {
      await run(1, calm);
      minutes++;
    }
    expect(minutes).toBeGreaterThan(5);
    expect(minutes).toBeLessThanOrEqual(25);
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
    // The next regular selection is at minute 480 or later.
    await run(100, wave);
    expect(forecast().method).not.toBe("naive");
    expect(await harness.value("forecast_error_ratio", { metric: "load", horizon: "5m" })).toBeLessThan(1);
  });

  it("stays in use when the user named its method", async () => {
    const { harness, run, forecast } = world("linear-trend");
    await run(300, wave);
    await run(60, calm);
    expect(forecast().method).toContain("linear-trend");
    expect(await harness.value("forecast_error_ratio", { metric: "load", horizon: "5m" })).toBeGreaterThan(1);
  });
});

/** A steady level with some noise. */
function steady(minute: number): number {
  return 40 + Math.sin(minute * minute);
}

describe("a model that the newest values contradict", () => {
  it("is replaced at the second value of a new level, without the next selection", async () => {
    const { run, forecast } = world();
    await run(120, steady);
    expect(Math.abs(forecast().predictedValue - 40)).toBeLessThan(2);
    await run(2, (minute) => steady(minute) + 50);
    expect(Math.abs(forecast().predictedValue - 90)).toBeLessThan(3);
  });

  it("is replaced by one that goes on with a growth of a few values", async () => {
    const { run, forecast } = world();
    await run(120, steady);
    await run(6, (minute) => steady(minute) + 8 * (minute - 119));
    // Five minutes later the level is 40 + 8 * 11.
    const { predictedValue, lower, upper } = forecast();
    expect(predictedValue).toBeGreaterThan(115);
    expect(predictedValue).toBeLessThan(140);
    expect(lower).toBeGreaterThan(75);
    expect(upper).toBeGreaterThan(predictedValue);
  });

  it.each([
    ["a wave turns round", 300, (minute: number) => 100 - wave(minute), wave],
    [
      "a growth stops",
      200,
      (minute: number) => 400 + steady(minute),
      (minute: number) => 2 * minute + steady(minute),
    ],
  ])(
    "is replaced by one that is not dismissed for the forecasts before: %s",
    async (_, changesAt, after, before) => {
      const { run, forecast } = world();
      await run(changesAt, before);
      for (let minute = 1; minute <= 30; minute++) {
        await run(1, after);
        expect(forecast().method, `${minute} minutes after the change`).not.toBe("naive");
      }
    },
  );

  it("stays in use although its forecasts from before a change were bad", async () => {
    const { harness, run, forecast } = world();
    const ramp = (minute: number): number => 20 + (minute % 100) * 2 + Math.sin(minute * minute);
    await run(390, ramp);
    let fewest = 0;
    for (let minute = 0; minute < 40; minute++) {
      await run(1, ramp);
      if (forecast().method === "naive") fewest++;
    }
    expect(fewest).toBe(0);
    expect(await harness.value("forecast_error_ratio", { metric: "load", horizon: "5m" })).not.toBe(1);
  });
});

describe("before a series is ready", () => {
  it("gives no time to a threshold, even to one that is crossed", async () => {
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
