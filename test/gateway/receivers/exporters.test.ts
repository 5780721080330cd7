import { Metadata } from "@grpc/grpc-js";
import { OTLPMetricExporter as GrpcExporter } from "@opentelemetry/exporter-metrics-otlp-grpc";
import { OTLPMetricExporter as JsonExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPMetricExporter as ProtobufExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { CompressionAlgorithm } from "@opentelemetry/otlp-exporter-base";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  AggregationTemporality,
  AggregationType,
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from "@opentelemetry/sdk-metrics";
import { describe, expect, it } from "vitest";
import { afterTest, Surroundings } from "./started-receivers.ts";

const TENANT = "x-scope-orgid";

/** Where and how an exporter sends. */
interface Way {
  readonly surroundings: Surroundings;
  readonly tenant: string;
  readonly temporality: AggregationTemporality;
}

const gzip = CompressionAlgorithm.GZIP;
const exporters: Readonly<Record<string, (way: Way) => Promise<PushMetricExporter>>> = {
  "protobuf over HTTP": async ({ surroundings, tenant, temporality }) => {
    const { port } = await surroundings.http({ tenantHeader: TENANT });
    return new ProtobufExporter({
      url: `http://127.0.0.1:${port}/v1/metrics`,
      headers: { [TENANT]: tenant },
      compression: gzip,
      temporalityPreference: temporality,
    });
  },
  "JSON over HTTP": async ({ surroundings, tenant, temporality }) => {
    const { port } = await surroundings.http({ tenantHeader: TENANT });
    return new JsonExporter({
      url: `http://127.0.0.1:${port}/v1/metrics`,
      headers: { [TENANT]: tenant },
      compression: gzip,
      temporalityPreference: temporality,
    });
  },
  gRPC: async ({ surroundings, tenant, temporality }) => {
    const { port } = await surroundings.grpc({ tenantHeader: TENANT });
    const metadata = new Metadata();
    metadata.set(TENANT, tenant);
    return new GrpcExporter({
      url: `http://127.0.0.1:${port}`,
      metadata,
      compression: gzip,
      temporalityPreference: temporality,
    });
  },
};

describe.each(Object.keys(exporters))("the exporter of OpenTelemetry for %s", (name) => {
  it.each(["delta", "cumulative"] as const)("sends %s points that arrive", async (temporality) => {
    const surroundings = new Surroundings();
    const chosen = temporality === "delta" ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
    const exporter = await exporters[name]?.({ surroundings, tenant: "one", temporality: chosen });
    const provider = new MeterProvider({
      resource: resourceFromAttributes({ "service.name": "shop", instances: [1, 2] }),
      readers: [
        new PeriodicExportingMetricReader({
          exporter: exporter as PushMetricExporter,
          exportIntervalMillis: 3_600_000,
        }),
      ],
      views: [
        { instrumentName: "exponential", aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } },
      ],
    });
    afterTest(() => provider.shutdown());
    const meter = provider.getMeter("lib", "1.0");
    meter.createCounter("tasks", { unit: "{task}", description: "Tasks" }).add(3, { agent: "a" });
    meter.createUpDownCounter("queue").add(-2);
    meter.createGauge("load").record(0.25, { core: 1, hot: true });
    meter.createHistogram("explicit", { advice: { explicitBucketBoundaries: [1, 5] } }).record(2);
    meter.createHistogram("exponential").record(4);
    await provider.forceFlush();

    const { points } = surroundings.intakeFor("one");
    expect(surroundings.refused).toEqual({});
    expect(surroundings.received).toBe(5);
    for (const { resource, header, at, startAt } of points) {
      expect(resource).toEqual({ "service.name": "shop", instances: "[1,2]" });
      expect(header.scope).toBe("lib");
      expect(at).toBeGreaterThan(1.7e12);
      expect(startAt).toBeLessThanOrEqual(at);
    }
    points.sort((one, other) => (one.header.name < other.header.name ? -1 : 1));
    expect(points.map(({ header }) => [header.name, header.temporality])).toEqual([
      ["explicit", temporality],
      ["exponential", temporality],
      ["load", "cumulative"],
      // The delta of a level would be lost if one export were lost.
      ["queue", "cumulative"],
      ["tasks", temporality],
    ]);
    expect(points.map(({ header, labels, value }) => [header.name, header.kind, labels, value])).toEqual([
      [
        "explicit",
        "histogram",
        {},
        { kind: "explicit", count: 1, sum: 2, min: 2, max: 2, boundaries: [1, 5], counts: [0, 1, 0] },
      ],
      [
        "exponential",
        "histogram",
        {},
        {
          kind: "exponential",
          count: 1,
          sum: 4,
          min: 4,
          max: 4,
          scale: 20,
          zeroCount: 0,
          positive: { offset: 2 ** 21 - 1, bucketCounts: [1] },
          negative: { offset: 0, bucketCounts: [] },
        },
      ],
      ["load", "gauge", { core: "1", hot: "true" }, 0.25],
      ["queue", "up-down-counter", {}, -2],
      ["tasks", "counter", { agent: "a" }, 3],
    ]);
    expect(points.at(-1)?.header).toMatchObject({ unit: "{task}", description: "Tasks" });
  });
});
