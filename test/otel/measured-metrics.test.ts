import { AggregationType, MeterProvider } from "@opentelemetry/sdk-metrics";
import { describe, expect, it, vi } from "vitest";
import { atOnce } from "../../src/core/yielding-runner.ts";
import { CollectionReader } from "../../src/otel/collection-reader.ts";
import { measuredMetrics } from "../../src/otel/measured-metrics.ts";

function provided() {
  const reader = new CollectionReader({ maxAttributeSets: 5 });
  const meter = new MeterProvider({ readers: [reader] }).getMeter("scope");
  const collect = async () => atOnce(measuredMetrics(await reader.collect()));
  return { meter, collect };
}

describe("a collection", () => {
  it("has increments of counters, levels of up-down counters and gauges, and exponential histograms", async () => {
    const { meter, collect } = provided();
    const counter = meter.createCounter("counter", { unit: "By", description: "what" });
    const upDown = meter.createUpDownCounter("up.down");
    const gauge = meter.createGauge("gauge");
    const histogram = meter.createHistogram("histogram");
    const record = (): void => {
      counter.add(2);
      upDown.add(-3);
      gauge.record(7);
      histogram.record(4);
    };
    record();
    record();
    expect(await collect()).toMatchObject([
      {
        scope: "scope",
        name: "counter",
        unit: "By",
        description: "what",
        kind: "increment",
        points: [{ value: 4 }],
      },
      { name: "up.down", kind: "level", points: [{ value: -6 }] },
      { name: "gauge", kind: "level", points: [{ value: 7 }] },
      {
        name: "histogram",
        kind: "histogram",
        points: [{ value: { kind: "exponential", count: 2, sum: 8, min: 4, max: 4 } }],
      },
    ]);
    record();
    const again = await collect();
    expect(again).toMatchObject([
      { points: [{ value: 2 }] },
      { points: [{ value: -9 }] },
      { points: [{ value: 7 }] },
      { points: [{ value: { count: 1, sum: 4 } }] },
    ]);
  });

  it("has the buckets that a view of the application chose, and reports attributes that were cut", async () => {
    const reader = new CollectionReader({ maxAttributeSets: 5 });
    const options = {
      type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM as const,
      options: { boundaries: [1, 5] },
    };
    const views = [{ instrumentName: "wait", aggregation: options }];
    const meter = new MeterProvider({ readers: [reader], views }).getMeter("scope");
    for (const seconds of [0.5, 2, 3])
      meter.createHistogram("wait").record(seconds, { id: "x".repeat(2000) });
    const onCut = vi.fn();
    expect(atOnce(measuredMetrics(await reader.collect(), undefined, onCut))).toMatchObject([
      {
        kind: "histogram",
        points: [
          {
            value: {
              kind: "explicit",
              count: 3,
              sum: 5.5,
              boundaries: [1, 5],
              counts: [1, 2, 0],
              min: 0.5,
              max: 3,
            },
          },
        ],
      },
    ]);
    expect(onCut.mock.calls).toEqual([["wait"]]);
  });

  it("has no points of idle instruments", async () => {
    const { meter, collect } = provided();
    const counter = meter.createCounter("counter");
    counter.add(1);
    await collect();
    expect((await collect()).flatMap((metric) => metric.points as readonly unknown[])).toEqual([]);
  });

  it("leaves out values that are not finite", async () => {
    const { meter, collect } = provided();
    const gauge = meter.createGauge("gauge");
    gauge.record(Number.NaN, { kind: "nan" });
    gauge.record(Number.NEGATIVE_INFINITY, { kind: "infinity" });
    gauge.record(1, { kind: "one" });
    expect(await collect()).toMatchObject([{ points: [{ labels: { kind: "one" }, value: 1 }] }]);
  });

  it("has the maximum of attribute sets, counted anew each time", async () => {
    const { meter, collect } = provided();
    const counter = meter.createCounter("counter");
    for (const round of ["a", "b"]) {
      for (let id = 0; id < 8; id += 1) counter.add(1, { id: `${round}${id}` });
      const points = (await collect()).flatMap((metric) =>
        metric.kind === "increment" ? metric.points : [],
      );
      expect(points.map(({ labels }) => labels.id ?? "overflow")).toEqual([
        `${round}0`,
        `${round}1`,
        `${round}2`,
        `${round}3`,
        "overflow",
      ]);
      expect(points.reduce((sum, { value }) => sum + value, 0)).toBe(8);
    }
  });
});

describe("a provider of the application that takes anything", () => {
  it("loses only the metric whose name is no text, and units and descriptions that are none", async () => {
    const reader = new CollectionReader({ maxAttributeSets: 5 });
    const provider = new MeterProvider({ readers: [reader] });
    const meter = provider.getMeter("scope", 5 as never);
    meter.createCounter(5 as never).add(1);
    meter.createCounter("hits", { unit: {} as never, description: 5 as never }).add(2);
    provider
      .getMeter(7 as never)
      .createGauge("level")
      .record(3);
    const result = await reader.collect();
    expect(result.errors.map(String)).toEqual([
      "InvalidMetricName: the name of a metric is no text: a number",
    ]);
    expect(atOnce(measuredMetrics(result))).toMatchObject([
      { scope: "scope", name: "hits", unit: "", description: "", points: [{ value: 2 }] },
      { scope: "", name: "level", points: [{ value: 3 }] },
    ]);
  });
});
