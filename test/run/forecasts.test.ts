import { describe, expect, it } from "vitest";
import type { ReadyForecast } from "../../src/core/forecast.ts";
import { Harness, MINUTE, SECOND } from "./harness.ts";

describe("a linear ramp", () => {
  it("is forecast by linear-trend within 1 % at each horizon, on /metrics and in getForecasts", async () => {
    const harness = new Harness({ method: "linear-trend", horizons: ["30s", "5m", "1h", "1d"] });
    const gauge = harness.application().getMeter("app").createGauge("ramp");
    const perSecond = 0.05;
    const started = harness.world.now();
    const valueAt = (millis: number): number => 3 + ((millis - started) / SECOND) * perSecond;
    await harness.ticks(60, () => gauge.record(valueAt(harness.world.now() + 10 * SECOND)));
    const now = harness.world.now();
    for (const [label, seconds] of [
      ["30s", 30],
      ["5m", 300],
      ["1h", 3600],
      ["1d", 86_400],
    ] as const) {
      const expected = valueAt(now + seconds * SECOND);
      const shown = (await harness.value("ramp_predicted", { horizon: label })) as number;
      expect(Math.abs(shown / expected - 1), label).toBeLessThan(0.01);
      const [forecast] = harness.pipeline.engine.forecasts({ metricName: "ramp", horizonSeconds: seconds });
      expect(forecast).toMatchObject({
        state: "ready",
        predictedValue: shown,
        at: now,
        horizonSeconds: seconds,
      });
      const lower = (await harness.value("ramp_predicted_lower", { horizon: label, level: "0.8" })) as number;
      const upper = (await harness.value("ramp_predicted_upper", { horizon: label, level: "0.8" })) as number;
      expect(lower).toBeLessThanOrEqual(shown);
      expect(upper).toBeGreaterThanOrEqual(shown);
    }
    expect(await harness.value("forecast_slope_per_hour", { metric: "ramp" })).toBeCloseTo(
      perSecond * 3600,
      1,
    );
    expect((harness.pipeline.engine.forecasts({ metricName: "ramp" })[0] as ReadyForecast).trend).toBe(
      "increasing",
    );
  });

  it("is still forecast within 1 % after hours, from coarser steps", async () => {
    const harness = new Harness({
      method: "linear-trend",
      horizons: ["1h", "12h"],
      collectionIntervalMillis: MINUTE,
    });
    const gauge = harness.application().getMeter("app").createGauge("ramp");
    const started = harness.world.now();
    const valueAt = (millis: number): number => 100 + (millis - started) / MINUTE;
    await harness.ticks(600, () => gauge.record(valueAt(harness.world.now() + MINUTE)));
    for (const [horizon, minutes] of [
      ["1h", 60],
      ["12h", 720],
    ] as const) {
      const expected = valueAt(harness.world.now() + minutes * MINUTE);
      const shown = (await harness.value("ramp_predicted", { horizon })) as number;
      expect(Math.abs(shown / expected - 1), horizon).toBeLessThan(0.01);
    }
  });
});

describe("bounds", () => {
  it("hold for all predictions, however steep the series is", async () => {
    const harness = new Harness({
      method: "linear-trend",
      horizons: ["1m", "1h"],
      windowMillis: 10 * SECOND,
    });
    await harness.ticks(30, (tick) => {
      harness.world.sampled = {
        cpuPercent: 98 - 3 * tick,
        memoryPercent: 3 * tick,
        processCpuPercent: 90 - 3 * tick,
        networkBytesPerSecond: 3000 - 100 * tick,
      };
      for (let i = 0; i < 30; i += 1) {
        harness.pipeline.instruments.recorder.recordTask({
          taskId: `${tick}/${i}`,
          agentName: "a",
          taskType: "t",
          success: i >= tick,
          executionTime: 31 - tick,
        });
      }
    });
    const shown = await harness.shown();
    const predicted = (name: string): number[] =>
      ["", "_lower", "_upper"].flatMap((end) =>
        (shown.get(`${name}_predicted${end}`) ?? []).map(({ value }) => value as number),
      );
    const within = (name: string, lowest: number, highest: number): void => {
      const values = predicted(name);
      expect(values, name).toHaveLength(6);
      for (const value of values) {
        expect(value, name).toBeGreaterThanOrEqual(lowest);
        expect(value, name).toBeLessThanOrEqual(highest);
      }
    };
    for (const name of [
      "system_cpu_usage_percent",
      "system_memory_usage_percent",
      "ai_cloud_cpu_usage_percent",
    ])
      within(name, 0, 100);
    for (const name of [
      "ai_cloud_success_rate",
      "ai_cloud_failure_rate",
      "ai_cloud_task_success_rate",
      "system_error_rate",
    ])
      within(name, 0, 1);
    for (const name of [
      "ai_cloud_latency_p50_seconds",
      "ai_cloud_latency_p99_seconds",
      "ai_cloud_active_tasks",
      "ai_cloud_completed_tasks_per_second",
      "system_request_rate",
      "system_throughput",
      "system_network_io_bytes_per_second",
    ])
      within(name, 0, Number.MAX_VALUE);
    expect(shown.get("ai_cloud_success_rate_predicted")?.map(({ value }) => value)).toEqual([0, 0]);
  });
});

describe("readiness", () => {
  it("needs twelve points, reports how many are missing, and has no predictions before", async () => {
    const harness = new Harness();
    const gauge = harness.application().getMeter("app").createObservableGauge("level");
    gauge.addCallback((result) => result.observe(7));
    const missing: (number | undefined)[] = [];
    for (let tick = 0; tick < 13; tick += 1) {
      await harness.ticks();
      const [forecast] = harness.pipeline.engine.forecasts({ metricName: "level" });
      missing.push(forecast?.state === "warming-up" ? forecast.missingPoints : undefined);
      const isReady = forecast?.state === "ready";
      expect(await harness.value("forecast_ready", { metric: "level" })).toBe(isReady ? 1 : 0);
      expect((await harness.value("level_predicted")) !== undefined).toBe(isReady);
    }
    expect(missing).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, undefined]);
    expect(harness.pipeline.engine.forecasts({ metricName: "level" })).toMatchObject([
      {
        state: "ready",
        predictedValue: 7,
        lower: 7,
        upper: 7,
        trend: "stable",
        slopePerSecond: 0,
        level: 0.8,
      },
    ]);
  });

  it("goes on at once after a gap that is longer than the history", async () => {
    const harness = new Harness({ expiryMillis: 48 * 60 * MINUTE });
    const gauge = harness.application().getMeter("app").createObservableGauge("level");
    gauge.addCallback((result) => result.observe(7));
    await harness.ticks(20);
    expect(await harness.value("level_predicted")).toBe(7);
    harness.world.millis += 24 * 60 * MINUTE;
    await harness.ticks(2);
    expect(await harness.value("forecast_ready", { metric: "level" })).toBe(1);
    expect(await harness.value("level_predicted")).toBe(7);
  });
});

describe("getForecasts", () => {
  it("returns the forecasts of the given agent, metric and horizon", async () => {
    const harness = new Harness({ horizons: ["1m", "5m"] });
    for (const agentName of ["a", "b"])
      harness.pipeline.recordAgent({ agentName, latencyP50: 1, latencyP95: 2 });
    await harness.ticks(2);
    const { pipeline } = harness;
    const all = pipeline.engine.forecasts();
    expect(pipeline.engine.forecasts({ agentName: "a" })).toEqual(
      all.filter(({ agentName }) => agentName === "a"),
    );
    const p95 = pipeline.engine.forecasts({ metricName: "ai_cloud_latency_p95_seconds" });
    expect(p95.map(({ agentName, horizonSeconds }) => [agentName, horizonSeconds])).toEqual([
      ["a", 60],
      ["a", 300],
      ["b", 60],
      ["b", 300],
    ]);
    const one = { agentName: "b", metricName: "ai_cloud_latency_p95_seconds", horizonSeconds: 300 };
    expect(pipeline.engine.forecasts(one)).toMatchObject([{ ...one, labels: { agent: "b" } }]);
    expect(pipeline.engine.forecasts({ agentName: "nobody" })).toEqual([]);
    expect(pipeline.engine.forecasts({ metricName: "constructor" })).toEqual([]);
    expect(pipeline.engine.forecasts({ horizonSeconds: 61 })).toEqual([]);
    expect(all.find(({ metricName }) => metricName === "system_cpu_usage_percent")).not.toHaveProperty(
      "agentName",
    );
  });
});

describe("thresholds", () => {
  it("show the time until they are crossed, and only while a crossing is forecast", async () => {
    const harness = new Harness({
      method: "linear-trend",
      horizons: ["10m"],
      thresholds: { system_memory_usage_percent: { above: 90 }, system_cpu_usage_percent: { below: 1 } },
    });
    await harness.ticks(20, (tick) => {
      harness.world.sampled = { memoryPercent: 50 + tick, cpuPercent: 50 };
    });
    const labels = { metric: "system_memory_usage_percent", threshold: "90" };
    const seconds = (await harness.value("forecast_time_to_threshold_seconds", labels)) as number;
    // At 69 % now and 1 % more every 10 s.
    expect(seconds).toBeCloseTo(210, 6);
    expect((await harness.shown()).get("forecast_time_to_threshold_seconds")).toHaveLength(1);
    expect(harness.pipeline.engine.forecasts({ metricName: labels.metric })[0]).toMatchObject({
      timeToThresholdSeconds: seconds,
    });
    await harness.ticks(40, () => {
      harness.world.sampled = { memoryPercent: 20, cpuPercent: 50 };
    });
    expect((await harness.shown()).get("forecast_time_to_threshold_seconds")).toBeUndefined();
  });
});

describe("the review of past forecasts", () => {
  it("is shown with the labels of its series once it has results", async () => {
    const harness = new Harness({ method: "linear-trend" });
    await harness.ticks(60, (tick) => {
      harness.world.sampled = { cpuPercent: tick };
    });
    const labels = { metric: "system_cpu_usage_percent", horizon: "1m" };
    expect(await harness.value("forecast_error_ratio", labels)).toBeLessThan(0.01);
    expect(await harness.value("forecast_interval_coverage", { ...labels, level: "0.8" })).toBe(1);
  });

  it("is preceded by the backtest of the model, from the first forecast on", async () => {
    const harness = new Harness({ method: "linear-trend" });
    const labels = { metric: "system_cpu_usage_percent", horizon: "1m" };
    const ratios = async () => [
      await harness.value("forecast_backtest_error_ratio", labels),
      await harness.value("forecast_error_ratio", labels),
    ];
    const rise = (tick: number): void => {
      harness.world.sampled = { cpuPercent: tick };
    };
    await harness.ticks(11, rise);
    expect(await ratios()).toEqual([undefined, undefined]);
    await harness.ticks(4, (tick) => rise(11 + tick));
    expect(await ratios()).toEqual([expect.closeTo(0, 6), undefined]);
    await harness.ticks(45, (tick) => rise(15 + tick));
    expect(await ratios()).toEqual([undefined, expect.closeTo(0, 2)]);
    harness.pipeline.engine.forgetLearnt({ metricName: labels.metric });
    expect(await ratios()).toEqual([undefined, undefined]);
  });
});
