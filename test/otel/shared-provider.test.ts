import { emptyResource } from "@opentelemetry/resources";
import { AggregationType, type IMetricReader, MeterProvider } from "@opentelemetry/sdk-metrics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { atOnce } from "../../src/core/yielding-runner.ts";
import { CollectionReader } from "../../src/otel/collection-reader.ts";
import { measuredMetrics } from "../../src/otel/measured-metrics.ts";
import { sharedProvider } from "../../src/otel/shared-provider.ts";
import { EndpointReader } from "../../src/prometheus/endpoint-reader.ts";

const LIMIT = 100;

/** A provider with a reader of a monitor and one of an endpoint, and what both read. */
function observed(create: (readers: IMetricReader[]) => MeterProvider) {
  const collection = new CollectionReader({ maxAttributeSets: LIMIT });
  const endpoint = new EndpointReader({ cardinalityLimit: LIMIT });
  const provider = create([collection, endpoint]);
  const meter = provider.getMeter("test");
  const advice = { explicitBucketBoundaries: [1, 10, 100] };
  const instruments = {
    plain: meter.createHistogram("plain"),
    advised: meter.createHistogram("advised", { advice }),
    counter: meter.createCounter("counter"),
    level: meter.createUpDownCounter("level"),
    gauge: meter.createGauge("gauge"),
  };
  return {
    provider,
    expire: async () => {
      atOnce(collection.sets.take(await collection.collect(), 0));
      atOnce(collection.expire(() => true));
    },
    record: (value: number, set: number) => {
      const attributes = { set };
      instruments.plain.record(value, attributes);
      instruments.advised.record(value, attributes);
      instruments.counter.add(value, attributes);
      instruments.level.add(-value, attributes);
      instruments.gauge.record(value, attributes);
    },
    // Without histograms of no finite value, which the SDK gives a minimum of infinity.
    collected: async () =>
      atOnce(measuredMetrics(await collection.collect())).map((metric) => ({
        ...metric,
        points: metric.points.filter(({ value }) => typeof value === "number" || value.count > 0),
      })),
    scraped: async () => {
      const { scopeMetrics } = (await endpoint.collect()).resourceMetrics;
      return scopeMetrics.flatMap(({ metrics }) =>
        metrics.map(({ descriptor, dataPointType, aggregationTemporality, dataPoints }) => ({
          name: descriptor.name,
          kind: [dataPointType, aggregationTemporality],
          points: dataPoints.map(({ attributes, value }) => ({ attributes, value })),
        })),
      );
    },
  };
}

const shared = (readers: IMetricReader[]) =>
  sharedProvider({ resource: emptyResource(), readers, maxAttributeSets: LIMIT });
const apart = (readers: IMetricReader[]) => new MeterProvider({ readers });

interface Internals {
  readonly _sharedState: {
    readonly meterSharedStates: ReadonlyMap<
      string,
      {
        readonly metricStorageRegistry: {
          readonly _sharedRegistry: ReadonlyMap<string, readonly StorageInternals[]>;
          readonly _perCollectorRegistry: ReadonlyMap<unknown, unknown>;
        };
      }
    >;
  };
}

interface StorageInternals {
  readonly _temporalMetricStorage: {
    readonly _unreportedAccumulations: ReadonlyMap<unknown, readonly unknown[]>;
  };
}

function registryOf(provider: MeterProvider) {
  const [meter] = (provider as unknown as Internals)._sharedState.meterSharedStates.values();
  return meter?.metricStorageRegistry;
}

describe("our meter provider", () => {
  it("has one storage for each instrument that records, whatever the number of its readers", () => {
    const registry = registryOf(observed(shared).provider);
    expect([...(registry?._sharedRegistry.keys() ?? [])]).toHaveLength(5);
    expect(registry?._perCollectorRegistry.size).toBe(0);
  });

  it("shows each reader what a storage of its own would show", async () => {
    // Their sums are exact, in any order.
    const finite = fc.integer({ min: 1, max: 2 ** 40 }).map((parts) => parts / 2 ** 20);
    const value = fc.oneof(finite, fc.constantFrom(0, 1, 10, Number.NaN, Number.POSITIVE_INFINITY));
    const step = fc.oneof(
      { weight: 2, arbitrary: fc.record({ values: fc.array(value, { maxLength: 150 }), set: fc.nat(3) }) },
      { weight: 1, arbitrary: fc.constantFrom("collected" as const, "scraped" as const) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const [ours, plain] = [observed(shared), observed(apart)];
        for (const step of [...steps, "collected" as const, "scraped" as const]) {
          if (typeof step === "string") expect(await ours[step]()).toEqual(await plain[step]());
          else for (const value of step.values) for (const one of [ours, plain]) one.record(value, step.set);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("keeps nothing more for a reader that never collects, however often others do", async () => {
    const { provider, record, collected } = observed(shared);
    for (let i = 0; i < 10; i += 1) {
      record(1, 1);
      await collected();
    }
    const storages = [...(registryOf(provider)?._sharedRegistry.values() ?? [])].flat();
    const waiting = storages.flatMap(({ _temporalMetricStorage: { _unreportedAccumulations: all } }) =>
      Array.from(all.values(), (unreported) => unreported.length),
    );
    expect(waiting).toHaveLength(10);
    expect(Math.max(...waiting)).toBe(1);
  });

  it("limits the sets of an instrument over all collections, and counts the rest together", async () => {
    const { record, collected, scraped } = observed(shared);
    const recorded = 5 * 60;
    for (let set = 0; set < recorded; set += 1) {
      record(1, set);
      record(1, 0);
      if (set % 60 === 59) await collected();
    }
    const [first, second] = [await scraped(), await scraped()];
    expect(first.map(({ points }) => points.length)).toEqual(Array(5).fill(LIMIT));
    expect(second.map(({ points }) => points.map(({ attributes }) => attributes))).toEqual(
      first.map(({ points }) => points.map(({ attributes }) => attributes)),
    );
    const points = first.find(({ name }) => name === "counter")?.points ?? [];
    const countOf = (attributes: object) =>
      points.find((point) => JSON.stringify(point.attributes) === JSON.stringify(attributes))?.value;
    expect(countOf({ set: 0 })).toBe(recorded + 1);
    expect(countOf({ "otel.metric.overflow": true })).toBe(recorded - (LIMIT - 1));
  });

  it("has room for other sets when those before are forgotten", async () => {
    const { record, scraped, expire } = observed(shared);
    for (let set = 0; set < LIMIT; set += 1) record(1, set);
    await expire();
    record(1, LIMIT);
    const [{ points } = { points: [] }] = (await scraped()).filter(({ name }) => name === "counter");
    expect(points).toContainEqual({ attributes: { set: LIMIT }, value: 1 });
  });

  it("gives a reader its own storages that exports histograms in a way of its own", async () => {
    class Exponential extends EndpointReader {
      override selectAggregation() {
        return { type: AggregationType.EXPONENTIAL_HISTOGRAM } as const;
      }
    }
    const { provider } = observed((readers) => shared([...readers, new Exponential()]));
    expect(registryOf(provider)?._sharedRegistry.size).toBe(0);
    expect(registryOf(provider)?._perCollectorRegistry.size).toBe(3);
  });
});
