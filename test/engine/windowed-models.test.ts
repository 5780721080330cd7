import { describe, expect, it } from "vitest";
import type { ReadyForecast } from "../../src/core/forecast.ts";
import type { WindowedNumber, WindowedQuantile } from "../../src/core/windowed-number.ts";
import type { OutlookModel } from "../../src/engine/outlook-model.ts";
import type { SeriesPlan } from "../../src/engine/series-plan.ts";
import { SeriesWindow } from "../../src/engine/series-window.ts";
import { WindowedModels } from "../../src/engine/windowed-models.ts";
import { SimulatedWindow } from "../forecast/windowed/simulated-window.ts";
import { CountedTables } from "../harness/counted-tables.ts";
import { Harness, SECOND } from "../run/harness.ts";

const RATE = "jobs_per_second";
const P95 = "wait_p95";

interface App {
  readonly harness: Harness;
  /** Counts jobs and records how long they waited. */
  work(jobs: number, waited?: readonly number[]): void;
  forecast(metricName: string, horizonSeconds: number): ReadyForecast;
}

/** An application with a counter and a histogram, whose window is a minute: 12 slices of 5 s. */
function app(method = "auto"): App {
  const harness = new Harness({
    method,
    horizons: ["20s", "1m", "5m"],
    collectionIntervalMillis: 5 * SECOND,
    windowMillis: 60 * SECOND,
    thresholds: { [RATE]: { above: 4 } },
  });
  const meter = harness.application().getMeter("app");
  const counter = meter.createCounter("jobs");
  const histogram = meter.createHistogram("wait");
  return {
    harness,
    work: (jobs, waited = []) => {
      counter.add(jobs);
      for (const seconds of waited) histogram.record(seconds);
    },
    forecast: (metricName, horizonSeconds) => {
      const [found] = harness.pipeline.engine.forecasts({ metricName, horizonSeconds });
      if (found?.state !== "ready") throw new Error(`${metricName} is ${found?.state}`);
      return found;
    },
  };
}

const steady = new Array<number>(10).fill(0.05);

describe("a number over a window", () => {
  it("is forecast to fall when a burst leaves the window, not before", async () => {
    const { harness, work, forecast } = app();
    await harness.ticks(60, () => work(10, steady));
    await harness.ticks(1, () => work(250, new Array(200).fill(3)));
    await harness.ticks(7, () => work(10, steady));
    // The burst is 7 slices old: it is in the window for 4 more of its 12.
    expect(await harness.value(RATE)).toBeCloseTo(6, 6);
    expect(await harness.value(P95)).toBeGreaterThan(2);
    expect(forecast(RATE, 20).predictedValue).toBeCloseTo(6, 0);
    expect(forecast(RATE, 60).predictedValue).toBeLessThan(4);
    expect(forecast(RATE, 60).lower).toBeLessThan(3);
    expect(forecast(P95, 20).predictedValue).toBeGreaterThan(1);
    expect(forecast(RATE, 60).method).toMatch(/^window: /);
    expect(forecast(P95, 60).method).toMatch(/^window: /);
    await harness.ticks(12, () => work(10, steady));
    expect(await harness.value(RATE)).toBeCloseTo(2, 6);
    expect(forecast(RATE, 20).predictedValue).toBeCloseTo(2, 0);
  });

  it("gives the same answer in gauges, forecasts and the time to a threshold", async () => {
    const { harness, work, forecast } = app();
    await harness.ticks(40, (tick) => work(tick % 3 === 0 ? 40 : 5, steady));
    for (const [horizon, seconds] of [
      ["20s", 20],
      ["1m", 60],
      ["5m", 300],
    ] as const) {
      const { predictedValue, lower, upper } = forecast(RATE, seconds);
      expect(await harness.value(`${RATE}_predicted`, { horizon })).toBe(predictedValue);
      expect(await harness.value(`${RATE}_predicted_lower`, { horizon })).toBe(lower);
      expect(await harness.value(`${RATE}_predicted_upper`, { horizon })).toBe(upper);
    }
    await harness.ticks(6, () => work(60, steady));
    const crossing = await harness.value("forecast_time_to_threshold_seconds", { metric: RATE });
    expect(forecast(RATE, 60).timeToThresholdSeconds).toBe(crossing);
    expect(crossing).toBe(0);
  });

  it("is warming up for 12 points, and reviewed live from then on", async () => {
    const { harness, work } = app();
    let state = 1;
    const jobs = (): number => {
      state = (state * 48271) % 2147483647;
      return state % 20;
    };
    await harness.ticks(12, () => work(jobs(), steady));
    expect(await harness.value("forecast_ready", { metric: RATE })).toBe(0);
    await harness.ticks(150, () => work(jobs(), steady));
    expect(await harness.value("forecast_ready", { metric: RATE })).toBe(1);
    const of20s = { metric: RATE, horizon: "20s" };
    expect(await harness.value("forecast_error_ratio", of20s)).toBeLessThan(1);
    expect(await harness.value("forecast_interval_coverage", of20s)).toBeGreaterThan(0.5);
  });

  it("is forecast by the method that the user named", async () => {
    const { harness, work, forecast } = app("naive");
    await harness.ticks(30, (tick) => work(tick, steady));
    for (const seconds of [20, 300]) expect(forecast(RATE, seconds).method).toBe("naive");
  });

  it("does not take the pause of a suspended process for a time without work", async () => {
    const { harness, work, forecast } = app();
    await harness.ticks(60, () => work(10, steady));
    harness.world.millis += 3600 * SECOND;
    await harness.ticks(13, () => work(10, steady));
    for (const seconds of [20, 60, 300]) expect(forecast(RATE, seconds).predictedValue).toBeCloseTo(2, 1);
  });

  it("stays finite when an application records numbers that are none", async () => {
    const { harness, work, forecast } = app();
    await harness.ticks(30, (tick) => work(tick === 9 ? Number.NaN : 10, tick === 9 ? [Number.NaN] : steady));
    for (const metric of [RATE, P95])
      for (const seconds of [20, 60, 300])
        expect(Number.isFinite(forecast(metric, seconds).predictedValue)).toBe(true);
    expect(forecast(RATE, 20).predictedValue).toBeCloseTo(2, 0);
  });

  it("goes on with the last value when nothing ends, and when the last value has left the window", async () => {
    const { harness, work, forecast } = app();
    await harness.ticks(30, () => work(10, steady));
    await harness.ticks(30);
    expect(forecast(P95, 60).predictedValue).toBeCloseTo((await harness.value(P95)) as number, 6);
    expect(forecast(RATE, 20).predictedValue).toBeLessThan(1);
  });
});

const step = { mean: 1, lower80: 0, upper80: 2, lower95: 0, upper95: 2 };
const byHistory: OutlookModel = {
  ...{ method: "naive", errorVersusNaive: 1, stepMillis: 10 * SECOND },
  stepAfter: (from) => from + 10 * SECOND,
  predictAt: () => step,
  meanAt: () => step.mean,
};
const windowTables = new CountedTables(1);
const plan = { kind: { seenBounds: {} }, stepMillis: 10 * SECOND, windowTables } as unknown as SeriesPlan;

describe("the steps to a horizon", () => {
  const rate = new SimulatedWindow("rate", 60);
  const p95: WindowedQuantile = {
    ...{ kind: "quantile", share: 0.95, span: rate.span },
    ...{ count: () => 1, quantileAfter: () => 1 },
  };

  function stepSeconds(number: WindowedNumber, seconds: number): number {
    const models = new WindowedModels(number, plan);
    return models.modelAt({ label: `${seconds}s`, seconds }, byHistory).stepMillis / SECOND;
  }

  it("are those of the series, longer ones where more than 60 were needed, and one for a percentile", () => {
    expect([20, 600, 610, 3600].map((seconds) => stepSeconds(rate, seconds))).toEqual([10, 10, 20, 60]);
    expect([20, 3600].map((seconds) => stepSeconds(p95, seconds))).toEqual([20, 3600]);
  });
});

describe("what was learnt of a window", () => {
  const HORIZONS = [20, 60].map((seconds) => ({ label: `${seconds}s`, seconds }));

  function learnt(window: SimulatedWindow) {
    const models = new WindowedModels(window, plan);
    for (let slice = 0; slice < 60; slice += 1) {
      window.collect(slice % 7, 0);
      models.take({ at: window.millis, value: window.value });
      for (const horizon of HORIZONS) models.modelAt(horizon, byHistory);
    }
    return models.saved();
  }

  it("is known again after a restart, unless another version has learnt it", () => {
    const window = new SimulatedWindow("rate", 60);
    const saved = learnt(window);
    expect(WindowedModels.of(window, plan, saved).saved()).toEqual(saved);
    const nothing = new WindowedModels(window, plan).saved();
    expect(nothing).not.toEqual(saved);
    expect(WindowedModels.of(window, plan, undefined).saved()).toEqual(nothing);
    const trials = saved.trials.map((trial) => ({ ...trial, errors: new Float64Array(1) }));
    expect(WindowedModels.of(window, plan, { ...saved, trials }).saved()).toEqual(nothing);
  });

  it("is in tables, from which it is gone when the models end, also if they could not be restored", () => {
    const window = new SimulatedWindow("rate", 60);
    const saved = learnt(window);
    const before = windowTables.inUse;
    const models = new SeriesWindow({ ...plan, method: "auto" } as SeriesPlan, saved);
    models.of(window);
    expect(windowTables.inUse).toBeGreaterThan(before);
    models.remove();
    expect(windowTables.inUse).toBe(before);
    // A series can be forgotten in a pause of the collection that has yet to score its forecasts.
    expect(models.of(window)).toBeUndefined();
    const trials = saved.trials.map((trial) => ({ ...trial, errors: new Float64Array(1) }));
    const others = WindowedModels.of(window, plan, { ...saved, trials });
    others.remove();
    expect(windowTables.inUse).toBe(before);
  });

  it("is of one window: that of another view begins anew, in the room of the one before", () => {
    const models = new SeriesWindow({ ...plan, method: "auto" } as SeriesPlan);
    const [one, other] = [new SimulatedWindow("rate", 60), new SimulatedWindow("rate", 60)];
    const first = models.of(one);
    const { inUse } = windowTables;
    expect(models.of(one)).toBe(first);
    expect(models.of(other)).not.toBe(first);
    expect(windowTables.inUse).toBe(inUse);
  });
});
