import {
  type DataPoint,
  type Histogram,
  type IMetricReader,
  MeterProvider,
} from "@opentelemetry/sdk-metrics";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { ForecastOptions } from "../../src/config/options.ts";
import { EndpointReader } from "../../src/prometheus/endpoint-reader.ts";
import { Harness, MINUTE } from "./harness.ts";

const OPTIONS: ForecastOptions = { expiryMillis: 5 * MINUTE, windowMillis: MINUTE };
const TICKS_IN_EXPIRY = 30;

/** An application whose instruments are forecast, and shown by the reader of an endpoint. */
class App {
  readonly harness: Harness;
  readonly provider: MeterProvider;
  readonly meter;
  readonly #shown: IMetricReader;

  constructor(options: ForecastOptions = {}) {
    this.harness = new Harness({ ...OPTIONS, ...options }, undefined, undefined, () => {});
    const { readers } = this.harness.pipeline;
    const application = readers.newReader();
    this.#shown = new EndpointReader({
      cardinalityLimit: this.harness.pipeline.options.maxSeries,
      shownOf: (...instrument) => application.sets.shownOf(...instrument),
    });
    this.provider = new MeterProvider({ readers: [application, this.#shown] });
    readers.add(application);
    this.meter = this.provider.getMeter("app");
  }

  /** What the endpoint shows of an instrument, by the attribute `id`. */
  async shown(instrument: string): Promise<Record<string, unknown>> {
    const { resourceMetrics } = await this.#shown.collect();
    const points = resourceMetrics.scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .filter(({ descriptor }) => descriptor.name === instrument)
      .flatMap(({ dataPoints }) => dataPoints as DataPoint<number | Histogram>[]);
    return Object.fromEntries(
      points.map(({ attributes, value }) => [
        String(attributes.id ?? (attributes["otel.metric.overflow"] === true ? "overflow" : "")),
        typeof value === "object" ? value.count : value,
      ]),
    );
  }

  forecast(metric: string): Promise<string[]> {
    return this.harness.shown().then((all) => (all.get(metric) ?? []).map(({ labels }) => labels.id ?? ""));
  }
}

/** Measures once, for each id. */
type Measure = (app: App) => (ids: readonly string[]) => void;

const observed = (
  create: "createObservableGauge" | "createObservableCounter" | "createObservableUpDownCounter",
) =>
  ((app) => {
    let current: readonly string[] = [];
    app.meter[create]("it").addCallback((result) => {
      for (const id of current) result.observe(5, { id });
    });
    return (ids) => {
      current = ids;
    };
  }) satisfies Measure;

const KINDS: readonly (readonly [string, string, Measure])[] = [
  ["observable gauge", "it_predicted", observed("createObservableGauge")],
  ["observable counter", "it_per_second", observed("createObservableCounter")],
  ["observable up-down counter", "it_predicted", observed("createObservableUpDownCounter")],
  [
    "gauge",
    "it_predicted",
    ({ meter }) => {
      const gauge = meter.createGauge("it");
      return (ids) => {
        for (const id of ids) gauge.record(5, { id });
      };
    },
  ],
  [
    "counter",
    "it_per_second",
    ({ meter }) => {
      const counter = meter.createCounter("it");
      return (ids) => {
        for (const id of ids) counter.add(5, { id });
      };
    },
  ],
  [
    "histogram",
    "it_p95",
    ({ meter }) => {
      const histogram = meter.createHistogram("it");
      return (ids) => {
        for (const id of ids) histogram.record(5, { id });
      };
    },
  ],
];

describe.each(KINDS)("the attribute sets of the application's %s", (_, forecastName, measureWith) => {
  it("leave after the expiry, and come back when they are measured again", async () => {
    const app = new App();
    const measure = measureWith(app);
    await app.harness.ticks(15, () => measure(["old", "new"]));
    await app.harness.ticks(TICKS_IN_EXPIRY - 1, () => measure(["new"]));
    expect(Object.keys(await app.shown("it"))).toEqual(["old", "new"]);
    expect(await app.forecast(forecastName)).toEqual(["old", "new"]);
    await app.harness.ticks(2, () => measure(["new"]));
    expect(Object.keys(await app.shown("it"))).toEqual(["new"]);
    expect(await app.forecast(forecastName)).toEqual(["new"]);
    await app.harness.ticks(2, () => measure(["old", "new"]));
    expect(Object.keys(await app.shown("it")).sort()).toEqual(["new", "old"]);
  });

  it("make room under the limit", async () => {
    const app = new App({ maxSeries: 100 });
    const measure = measureWith(app);
    for (let life = 0; life < 6; life += 1) {
      const ids = Array.from({ length: 40 }, (_id, i) => `${life}-${i}`);
      await app.harness.ticks(TICKS_IN_EXPIRY + 2, () => measure(ids));
      expect(Object.keys(await app.shown("it")).sort()).toEqual(ids.toSorted());
    }
    expect(app.harness.pipeline.skips.counts.size).toBe(0);
  });
});

describe("a counter that rests", () => {
  it("goes on from its total when it comes back", async () => {
    const app = new App();
    const counter = app.meter.createCounter("errors");
    counter.add(3, { id: "rare" });
    await app.harness.ticks(TICKS_IN_EXPIRY + 2);
    expect(await app.shown("errors")).toEqual({});
    counter.add(1, { id: "rare" });
    await app.harness.ticks(1);
    expect(await app.shown("errors")).toEqual({ rare: 4 });
  });

  it("has not gone while it is an up-down counter that is not 0", async () => {
    const app = new App();
    const open = app.meter.createUpDownCounter("open");
    open.add(2, { id: "a" });
    await app.harness.ticks(2 * TICKS_IN_EXPIRY);
    expect(await app.shown("open")).toEqual({ a: 2 });
    expect(await app.harness.value("open_predicted", { id: "a" })).toBe(2);
    open.add(-2, { id: "a" });
    await app.harness.ticks(1);
    expect(await app.shown("open")).toEqual({ a: 0 });
    await app.harness.ticks(TICKS_IN_EXPIRY + 1);
    expect(await app.shown("open")).toEqual({});
    expect(await app.harness.value("open_predicted", { id: "a" })).toBeUndefined();
  });
});

it("keeps what a view of the application has made of an observable up-down counter a level", async () => {
  const harness = new Harness(OPTIONS);
  const provider = harness.application({ views: [{ instrumentName: "raw", name: "level" }] });
  let level = 5;
  provider
    .getMeter("app")
    .createObservableUpDownCounter("raw")
    .addCallback((result) => result.observe(level));
  const seen: unknown[] = [];
  for (level of [5, 7, 7, 2, -3]) {
    await harness.ticks(13);
    seen.push(await harness.value("level_predicted"));
  }
  expect(seen).toEqual([5, 7, 7, 2, -3]);
});

it("shows the present values of gauges after the clock was set back", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 0, 1) });
  onTestFinished(() => void vi.useRealTimers());
  const app = new App();
  let level = 1;
  app.meter.createObservableGauge("level").addCallback((result) => result.observe(level));
  const gauge = app.meter.createGauge("given");
  const tick = async (value: number): Promise<unknown[]> => {
    level = value;
    gauge.record(value);
    await app.harness.ticks(1);
    return [await app.shown("level"), await app.shown("given")];
  };
  await tick(1);
  vi.setSystemTime(Date.UTC(2025, 11, 31));
  const aDay = 24 * 60 * MINUTE;
  app.harness.world.now = () => app.harness.world.millis - aDay;
  await tick(2);
  await tick(3);
  expect(await tick(4)).toEqual([{ "": 4 }, { "": 4 }]);
});
