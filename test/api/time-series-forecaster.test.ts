import { runInNewContext } from "node:vm";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type DataPoint, type Forecast, TimeSeriesForecaster } from "../../src/index.ts";

const START = Date.UTC(2026, 0, 1);
const series = { agentName: "a", metricName: "m" };
const logger = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), debug: vi.fn(), verbose: vi.fn() };

beforeEach(() => {
  vi.clearAllMocks();
  diag.setLogger(logger, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true });
});

afterEach(() => {
  vi.useRealTimers();
  diag.disable();
});

/** Adds the values, `stepMillis` apart. */
function fed(values: readonly number[], stepMillis = 10_000): TimeSeriesForecaster {
  const forecaster = new TimeSeriesForecaster();
  values.forEach((value, index) => {
    forecaster.addDataPoint({ ...series, value, timestamp: START + index * stepMillis });
  });
  return forecaster;
}

const ramp = (count: number, from = 100, by = 2): number[] =>
  Array.from({ length: count }, (_, i) => from + by * i);

function predicted(forecast: Forecast): number {
  if (forecast.state !== "ready") throw new Error(JSON.stringify(forecast));
  expect(forecast.lower).toBeLessThanOrEqual(forecast.predictedValue);
  expect(forecast.upper).toBeGreaterThanOrEqual(forecast.predictedValue);
  return forecast.predictedValue;
}

describe("a ramp", () => {
  it.each([10, 60, 300, 3600])("is forecast by a straight line within 1 %, %d s ahead", (horizonSeconds) => {
    const forecast = fed(ramp(60)).forecastLinearTrend({ ...series, horizonSeconds });
    const exact = 100 + 2 * (59 + horizonSeconds / 10);
    expect(Math.abs(predicted(forecast) / exact - 1)).toBeLessThan(0.01);
    expect(forecast).toMatchObject({
      ...series,
      labels: { agent: "a" },
      horizonSeconds,
      at: START + 590_000,
      method: "linear-trend",
      trend: "increasing",
      level: 0.8,
    });
    expect(forecast.state === "ready" && forecast.slopePerSecond).toBeCloseTo(0.2, 3);
    expect(forecast.state === "ready" && forecast.recommendation).toMatch(/\S.+\.$/);
  });

  it.each([15, 4, 72])(
    "is forecast within 1 % also %d s ahead, which is no whole number of steps",
    (horizonSeconds) => {
      const forecast = fed(ramp(20, 0, 1)).forecastLinearTrend({ ...series, horizonSeconds });
      const exact = 19 + horizonSeconds / 10;
      expect(Math.abs(predicted(forecast) / exact - 1)).toBeLessThan(0.01);
    },
  );

  it("has an interval before its first step that is as wide as at the first step", () => {
    const unsteady = ramp(60).map((value, index) => value + ((index * 7) % 5) ** 2);
    const widthsAt = (horizonSeconds: number): number[] => {
      const forecast = fed(unsteady).forecastLinearTrend({ ...series, horizonSeconds });
      if (forecast.state !== "ready") throw new Error(JSON.stringify(forecast));
      const { lower, predictedValue, upper } = forecast;
      return [predictedValue - lower, upper - predictedValue];
    };
    const [below, above] = widthsAt(10) as [number, number];
    expect(Math.min(below, above)).toBeGreaterThan(1);
    expect(widthsAt(4)).toEqual([expect.closeTo(below, 9), expect.closeTo(above, 9)]);
  });

  it("has between two steps what lies on a straight line between them, with its interval", () => {
    const forecaster = fed(ramp(60).map((value, index) => value + ((index * 7) % 5) ** 2));
    const at = (horizonSeconds: number): number[] => {
      const forecast = forecaster.forecastLinearTrend({ ...series, horizonSeconds });
      if (forecast.state !== "ready") throw new Error(JSON.stringify(forecast));
      return [forecast.lower, forecast.predictedValue, forecast.upper];
    };
    for (const step of [1, 2, 7, 30]) {
      const [here, next] = [at(10 * step), at(10 * (step + 1))];
      for (const share of [0.1, 0.5, 0.8]) {
        const between = here.map((value, index) => value + share * ((next[index] as number) - value));
        const [lower, mean, upper] = at(10 * (step + share));
        expect(mean).toBeCloseTo(between[1] as number, 9);
        // The backtest is up to the horizon, and the width of the interval comes from the backtest.
        expect([lower, upper]).toEqual([
          expect.closeTo(between[0] as number, 0),
          expect.closeTo(between[2] as number, 0),
        ]);
      }
    }
    const widths = [1, 30.5].map((steps) => at(10 * steps)).map(([lower = 0, , upper = 0]) => upper - lower);
    expect(widths[1]).toBeGreaterThan((widths[0] as number) + 1);
  });

  it("is forecast by its own line when its points come irregularly", () => {
    const forecaster = new TimeSeriesForecaster();
    const jitter = [0, 900, -700, 400, -300, 1200, -1100, 200];
    for (let i = 0; i < 80; i += 1) {
      if (i % 9 === 4) continue;
      const timestamp = START + i * 10_000 + (jitter[i % 8] as number);
      forecaster.addDataPoint({ ...series, value: 500 + (timestamp - START) / 1000, timestamp });
    }
    const forecast = forecaster.forecastLinearTrend({ ...series, horizonSeconds: 600 });
    const exact = 500 + (forecast.at - START) / 1000 + 600;
    expect(Math.abs(predicted(forecast) / exact - 1)).toBeLessThan(0.01);
  });

  it("takes points without a time as steps of ten seconds, when they come at once", () => {
    vi.useFakeTimers({ toFake: ["Date"], now: START });
    const forecaster = new TimeSeriesForecaster();
    for (const value of ramp(30)) forecaster.addDataPoint({ ...series, value });
    const forecast = forecaster.forecastLinearTrend({ ...series, horizonSeconds: 60 });
    expect(predicted(forecast)).toBeCloseTo(158 + 12, 6);
    const slower = new TimeSeriesForecaster({ stepSeconds: 60 });
    for (const value of ramp(30)) slower.addDataPoint({ ...series, value });
    expect(predicted(slower.forecastLinearTrend({ ...series, horizonSeconds: 60 }))).toBeCloseTo(160, 6);
  });

  it.each([
    ["dates", Date],
    ["dates of another realm, such as that of a test runner", runInNewContext("Date") as DateConstructor],
  ])("takes %s and epoch milliseconds alike", (_, Dates) => {
    const forecaster = new TimeSeriesForecaster();
    ramp(20).forEach((value, i) => {
      const at = START + i * 1000;
      forecaster.addDataPoint({ ...series, value, timestamp: i % 2 === 0 ? at : new Dates(at) });
    });
    const forecast = forecaster.forecastLinearTrend({ ...series, horizonSeconds: 10 });
    expect(predicted(forecast)).toBeCloseTo(158, 6);
  });
});

describe("the methods", () => {
  it("are the ones that they are called", () => {
    const forecaster = fed([...Array(20).fill(10), ...Array(4).fill(20)]);
    const request = { ...series, horizonSeconds: 10 };
    expect(predicted(forecaster.forecastMovingAverage({ ...request, window: 4 }))).toBeCloseTo(20, 9);
    expect(predicted(forecaster.forecastMovingAverage({ ...request, window: 8 }))).toBeCloseTo(15, 9);
    // Level after four steps of 20 with alpha 0.5, from 10: 20 - 10 / 2^4.
    expect(predicted(forecaster.forecastExponentialSmoothing({ ...request, alpha: 0.5 }))).toBeCloseTo(
      19.375,
      3,
    );
    expect(predicted(forecaster.forecastExponentialSmoothing({ ...request, alpha: 1 }))).toBeCloseTo(20, 9);
    expect(forecaster.forecast(request)).toMatchObject({
      state: "ready",
      method: expect.stringMatching(/^auto/),
    });
  });

  it.each([0, -1, 1.01, Number.NaN])("an alpha of %s is refused with the reason", (alpha) => {
    const forecast = fed(ramp(30)).forecastExponentialSmoothing({
      ...series,
      horizonSeconds: 10,
      alpha,
    });
    expect(forecast).toMatchObject({ state: "failed", reason: expect.stringContaining("alpha") });
  });

  it.each([0, 1.5, -2, Number.NaN])("a window of %s is refused with the reason", (window) => {
    const forecast = fed(ramp(30)).forecastMovingAverage({ ...series, horizonSeconds: 10, window });
    expect(forecast).toMatchObject({ state: "failed", reason: expect.stringContaining("window") });
  });
});

describe("what a series is before it is known", () => {
  it("is warming up, with how many points are missing", () => {
    const request = { ...series, horizonSeconds: 60 };
    expect(new TimeSeriesForecaster().forecast(request)).toMatchObject({
      state: "warming-up",
      missingPoints: 5,
    });
    expect(fed([1, 2, 3]).forecast(request)).toMatchObject({ state: "warming-up", missingPoints: 2 });
    expect(fed([1, 2, 3, 4, 5]).forecast(request).state).toBe("ready");
  });

  it("is kept apart from a series whose joined names are the same", () => {
    const forecaster = fed(ramp(30));
    for (const [agentName, metricName] of [
      ["am", ""],
      ["", "am"],
      ["b", "m"],
      ["a", "m2"],
      ["a\u0000m", "m"],
    ] as const)
      expect(forecaster.forecast({ agentName, metricName, horizonSeconds: 60 }).state).toBe("warming-up");
  });
});

describe("a horizon", () => {
  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e9, "60", null, undefined, 60n])(
    "of %s is refused with the reason",
    (horizonSeconds) => {
      const forecast = fed(ramp(30)).forecast({ ...series, horizonSeconds: horizonSeconds as number });
      expect(forecast).toMatchObject({ state: "failed", reason: expect.stringContaining("horizonSeconds") });
    },
  );

  it("refuses a value that is no request", () => {
    for (const request of [undefined, null, 5, {}]) {
      expect(fed(ramp(30)).forecast(request as never).state).toBe("failed");
    }
  });
});

describe("points that cannot be", () => {
  const bad: [string, unknown][] = [
    ["NaN", { ...series, value: Number.NaN }],
    ["infinite", { ...series, value: Number.POSITIVE_INFINITY }],
    ["a string", { ...series, value: "5" }],
    ["a BigInt", { ...series, value: 5n }],
    ["no time", { ...series, value: 5, timestamp: new Date(Number.NaN) }],
    ["null for a time", { ...series, value: 5, timestamp: null }],
    ["a symbol for a time", { ...series, value: 5, timestamp: Symbol("t") }],
    ["a string for a time", { ...series, value: 5, timestamp: "2026" }],
    ["older than the one before", { ...series, value: 5, timestamp: START - 1 }],
    ["of no agent", { ...series, agentName: " ", value: 5 }],
    ["of a metric that is no string", { ...series, metricName: 5, value: 5 }],
    ["undefined", undefined],
    ["null", null],
    ["a number", 5],
  ];

  it.each(bad)("%s: is dropped and logged once, and the series does not change", (_, point) => {
    const forecaster = fed(ramp(30));
    const request = { ...series, horizonSeconds: 60 };
    const before = forecaster.forecastLinearTrend(request);
    forecaster.addDataPoint(point as DataPoint);
    forecaster.addDataPoint(point as DataPoint);
    expect(forecaster.forecastLinearTrend(request)).toEqual(before);
    expect(logger.warn).toHaveBeenCalledTimes(1);
    expect(logger.warn.mock.calls[0]?.[0]).toMatch(/^otel-forecast: skipped \(\w+\): /);
  });

  it("may be very large, or all equal", () => {
    for (const values of [
      [1, 2, 3, 4, 1e300, 5, 6],
      Array(30).fill(7),
      [5e-324, 0, 5e-324, 0, 5e-324, 0],
      ramp(6, -1e308, 1e307),
    ]) {
      for (const method of [
        "forecast",
        "forecastLinearTrend",
        "forecastMovingAverage",
        "forecastExponentialSmoothing",
      ] as const) {
        const forecast = fed(values)[method]({ ...series, horizonSeconds: 600 });
        const numbers =
          forecast.state === "ready" ? [forecast.predictedValue, forecast.lower, forecast.upper] : [];
        expect(numbers, `${method} of ${values}`).toHaveLength(3);
        for (const number of numbers) expect(Number.isFinite(number)).toBe(true);
      }
    }
  });
});

describe("bounds", () => {
  it("forgets all but the newest points", () => {
    const forecaster = new TimeSeriesForecaster({ maxPoints: 10 });
    [...Array(50).fill(1000), ...ramp(20, 0, 1)].forEach((value, i) => {
      forecaster.addDataPoint({ ...series, value, timestamp: START + i * 1000 });
    });
    expect(predicted(forecaster.forecastLinearTrend({ ...series, horizonSeconds: 5 }))).toBeCloseTo(24, 6);
  });

  it("takes no more series than its maximum, and logs that once", () => {
    const forecaster = new TimeSeriesForecaster({ maxSeries: 2 });
    for (const agentName of ["a", "b", "c", "d"]) {
      for (let i = 0; i < 6; i += 1)
        forecaster.addDataPoint({ agentName, metricName: "m", value: 1, timestamp: START + i * 1000 });
    }
    const states = ["a", "b", "c", "d"].map(
      (agentName) => forecaster.forecast({ agentName, metricName: "m", horizonSeconds: 5 }).state,
    );
    expect(states).toEqual(["ready", "ready", "warming-up", "warming-up"]);
    expect(logger.warn).toHaveBeenCalledTimes(1);
  });

  it.each([
    [{ maxPoints: 9 }, "maxPoints"],
    [{ maxPoints: 10.5 }, "maxPoints"],
    [{ maxSeries: 0 }, "maxSeries"],
    [{ maxSeries: "5" }, "maxSeries"],
    [{ stepSeconds: 0 }, "stepSeconds"],
    [{ stepSeconds: Number.NaN }, "stepSeconds"],
    [{ stepSeconds: "10" }, "stepSeconds"],
    [{ stepSecond: 10 }, "stepSecond"],
  ])("%o is refused when it is made, with the option named", (options, name) => {
    expect(() => new TimeSeriesForecaster(options as never)).toThrow(TypeError);
    expect(() => new TimeSeriesForecaster(options as never)).toThrow(`"${name}"`);
  });
});
