import {
  context,
  DiagLogLevel,
  diag,
  logs,
  metrics,
  propagation,
  trace,
  ValueType,
} from "@opentelemetry/api";
import { emptyResource } from "@opentelemetry/resources";
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  type MetricProducer,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { MeasuredMetric } from "../../../src/core/measured-metric.ts";
import { atOnce } from "../../../src/core/yielding-runner.ts";
import { CollectionReader } from "../../../src/otel/collection-reader.ts";
import { joinProducer, joinReader, joinReaders } from "../../../src/otel/export/foreign-provider.ts";
import { measuredMetrics } from "../../../src/otel/measured-metrics.ts";
import { EndpointReader } from "../../../src/prometheus/endpoint-reader.ts";

const logger = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), debug: vi.fn(), verbose: vi.fn() };
const cleanups: (() => Promise<unknown>)[] = [];

beforeEach(() => {
  vi.clearAllMocks();
  diag.setLogger(logger, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true });
  for (const name of Object.keys(process.env)) if (name.startsWith("OTEL_")) vi.stubEnv(name, undefined);
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
  for (const api of [metrics, trace, logs, context, propagation, diag]) api.disable();
  vi.unstubAllEnvs();
});

interface Theirs {
  readonly provider: unknown;
  readonly exporter: InMemoryMetricExporter;
  readonly reader: PeriodicExportingMetricReader;
}

const views = [{ instrumentName: "renamed", name: "as.they.want" }];

function exporting(): Omit<Theirs, "provider"> {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 31 - 1 });
  return { exporter, reader };
}

const builders: [string, () => Theirs][] = [
  [
    "a MeterProvider",
    () => {
      const { exporter, reader } = exporting();
      const provider = new MeterProvider({ readers: [reader], views });
      cleanups.push(() => provider.shutdown());
      return { provider, exporter, reader };
    },
  ],
  [
    "a NodeSDK",
    () => {
      const { exporter, reader } = exporting();
      const sdk = new NodeSDK({
        metricReaders: [reader],
        views,
        autoDetectResources: false,
        spanProcessors: [],
      });
      sdk.start();
      cleanups.push(() => sdk.shutdown());
      return { provider: metrics.getMeterProvider(), exporter, reader };
    },
  ],
];

function ourReader(): CollectionReader {
  return new CollectionReader({ maxAttributeSets: 100 });
}

function ourProducer(): MetricProducer {
  const descriptor = { name: "ours", unit: "", description: "", valueType: ValueType.DOUBLE };
  const point = { attributes: {}, startTime: [0, 0], endTime: [0, 0], value: 5 } satisfies DataPoint<number>;
  const metric: MetricData = {
    descriptor,
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: DataPointType.GAUGE,
    dataPoints: [point],
  };
  const scopeMetrics = [{ scope: { name: "ours" }, metrics: [metric] }];
  return {
    collect: async () => ({ resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] }),
  };
}

async function seenBy(reader: CollectionReader): Promise<MeasuredMetric[]> {
  return atOnce(measuredMetrics(await reader.collect()));
}

async function exported({ reader, exporter }: Theirs): Promise<Map<string, MetricData>> {
  exporter.reset();
  await reader.forceFlush();
  const all = exporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
  return new Map(all.map((metric) => [metric.descriptor.name, metric]));
}

describe.each(builders)("joining %s", (_, build) => {
  it("reads its instruments through its views, as deltas", async () => {
    const theirs = build();
    const reader = ourReader();
    expect(joinReader(theirs.provider, reader)).toBe(true);
    const meter = (theirs.provider as MeterProvider).getMeter("app");
    const counter = meter.createCounter("renamed");
    counter.add(3);
    expect(await seenBy(reader)).toMatchObject([
      { name: "as.they.want", kind: "increment", points: [{ value: 3 }] },
    ]);
    counter.add(4);
    expect(await seenBy(reader)).toMatchObject([{ points: [{ value: 4 }] }]);
    expect(logger.warn).not.toHaveBeenCalled();
  });

  it("does not change what its exporter exports, and adds ours", async () => {
    const theirs = build();
    const reader = ourReader();
    joinReader(theirs.provider, reader);
    expect(joinProducer(theirs.provider, ourProducer())).toBe(1);
    const meter = (theirs.provider as MeterProvider).getMeter("app");
    const counter = meter.createCounter("renamed");
    const histogram = meter.createHistogram("durations");
    counter.add(3);
    histogram.record(7);
    await reader.collect();
    counter.add(4);
    const all = await exported(theirs);
    expect([...all.keys()].sort()).toEqual(["as.they.want", "durations", "ours"]);
    expect(all.get("as.they.want")).toMatchObject({
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPoints: [{ value: 7 }],
    });
    expect(all.get("durations")?.dataPoints[0]?.value).toMatchObject({
      count: 1,
      buckets: { boundaries: expect.any(Array) },
    });
    expect(all.get("ours")?.dataPoints[0]?.value).toBe(5);
  });

  it("adds a producer once, however often it joins", async () => {
    const theirs = build();
    const producer = ourProducer();
    expect(joinProducer(theirs.provider, producer)).toBe(1);
    expect(joinProducer(theirs.provider, producer)).toBe(0);
    const all = await exported(theirs);
    expect(all.get("ours")?.dataPoints).toHaveLength(1);
  });

  it("shows its instruments on our endpoint, but not our metrics a second time", async () => {
    const theirs = build();
    const scraped = new EndpointReader();
    joinReaders(theirs.provider, ourReader(), scraped);
    expect(joinProducer(theirs.provider, ourProducer())).toBe(1);
    (theirs.provider as MeterProvider).getMeter("app").createCounter("hits").add(1);
    const result = await scraped.collect();
    const names = result.resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
      metrics.map((it) => it.descriptor.name),
    );
    expect(names).toEqual(["hits"]);
  });

  it("ends without an error when the provider is shut down", async () => {
    const theirs = build();
    const reader = ourReader();
    joinReader(theirs.provider, reader);
    for (const cleanup of cleanups.splice(0)) await cleanup();
    expect(logger.error).not.toHaveBeenCalled();
  });
});

describe("a provider that cannot be joined", () => {
  it.each([undefined, null, 5, {}, { _sharedState: {} }, { _sharedState: { metricCollectors: 5 } }, metrics])(
    "is left alone and logged: %o",
    (provider) => {
      expect(joinReader(provider, ourReader())).toBe(false);
      expect(joinProducer(provider, ourProducer())).toBe(0);
      expect(logger.warn).toHaveBeenCalledTimes(1);
    },
  );

  it("has readers without producers, which are skipped", () => {
    const provider = {
      _sharedState: { metricCollectors: [{}, { _metricReader: {} }], resource: emptyResource() },
    };
    expect(joinProducer(provider, ourProducer())).toBe(0);
  });
});
