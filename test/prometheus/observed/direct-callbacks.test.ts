import type { Attributes, ObservableResult } from "@opentelemetry/api";
import { type DataPoint, type IMetricReader, MeterProvider } from "@opentelemetry/sdk-metrics";
import { describe, expect, it, vi } from "vitest";
import { atOnce } from "../../../src/core/yielding-runner.ts";
import { CollectionReader } from "../../../src/otel/collection-reader.ts";
import { EndpointReader } from "../../../src/prometheus/endpoint-reader.ts";

type Values = Record<string, unknown>;

/** What a reader shows: values by instrument and the attribute `id`, and the errors. */
async function shown(reader: IMetricReader, timeoutMillis = 10_000): Promise<Values & { errors?: string[] }> {
  const { resourceMetrics, errors } = await reader.collect({ timeoutMillis });
  const values = resourceMetrics.scopeMetrics
    .flatMap(({ metrics }) => metrics)
    .flatMap(({ descriptor: { name }, dataPoints }) =>
      (dataPoints as DataPoint<unknown>[]).map(({ attributes: { id }, value }) => [
        id === undefined ? name : `${name} ${id}`,
        value,
      ]),
    );
  return { ...Object.fromEntries(values), ...(errors.length > 0 ? { errors: errors.map(String) } : {}) };
}

interface StorageInternals {
  readonly _deltaMetricStorage?: {
    readonly _cumulativeMemoStorage: { readonly size: number; _hash: (attributes: Attributes) => string };
  };
}

interface MeterInternals {
  readonly metricStorageRegistry: {
    readonly _perCollectorRegistry: ReadonlyMap<unknown, ReadonlyMap<string, StorageInternals[]>>;
    getStorages(collector: unknown): StorageInternals[];
  };
}

interface SharedState {
  readonly metricCollectors: readonly unknown[];
  readonly meterSharedStates: ReadonlyMap<string, MeterInternals>;
}

function stateOf(provider: MeterProvider): SharedState {
  return (provider as unknown as { _sharedState: SharedState })._sharedState;
}

function meterInternals(provider: MeterProvider): MeterInternals[] {
  return [...stateOf(provider).meterSharedStates.values()];
}

/** The SDK's storages of a reader, one for each instrument. */
function storagesOf(provider: MeterProvider, reader: number): StorageInternals[] {
  const collector = stateOf(provider).metricCollectors[reader];
  return meterInternals(provider).flatMap(({ metricStorageRegistry: registry }) =>
    [...(registry._perCollectorRegistry.get(collector)?.values() ?? [])].flat(),
  );
}

function application(...more: IMetricReader[]) {
  const endpoint = new EndpointReader();
  const provider = new MeterProvider({ readers: [endpoint, ...more] });
  return { endpoint, provider, meter: provider.getMeter("app") };
}

describe("the SDK", () => {
  it("is as expected: it stores nothing for observable instruments, and each callback is called once", async () => {
    const { endpoint, provider, meter } = application();
    const observe = vi.fn((result: ObservableResult) => result.observe(1));
    const all = [
      meter.createObservableGauge("gauge"),
      meter.createObservableCounter("counter"),
      meter.createObservableUpDownCounter("level"),
    ];
    for (const instrument of all) instrument.addCallback(observe);
    meter.addBatchObservableCallback((result) => {
      for (const instrument of all) result.observe(instrument, 2, { id: "batch" });
    }, all);
    for (let scrapes = 1; scrapes <= 2; scrapes += 1) {
      expect(await shown(endpoint)).toEqual({
        ...{ gauge: 1, counter: 1, level: 1 },
        ...{ "gauge batch": 2, "counter batch": 2, "level batch": 2 },
      });
      expect(observe).toHaveBeenCalledTimes(3 * scrapes);
    }
    expect(storagesOf(provider, 0).map(({ _deltaMetricStorage }) => _deltaMetricStorage)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each([
    [
      "has other storages",
      ({ metricStorageRegistry: registry }: MeterInternals) => ({
        metricStorageRegistry: { getStorages: (collector: unknown) => registry.getStorages(collector) },
      }),
    ],
    [
      "identifies attribute sets in another way",
      ({ metricStorageRegistry: registry }: MeterInternals) => {
        for (const byName of registry._perCollectorRegistry.values())
          for (const [storage] of byName.values()) {
            const map = storage?._deltaMetricStorage?._cumulativeMemoStorage;
            if (map !== undefined) map._hash = (attributes) => `another ${JSON.stringify(attributes)}`;
          }
        return {};
      },
    ],
  ])("stores as before if it %s", async (_, change) => {
    const { endpoint, provider, meter } = application();
    let value = 1;
    meter.createObservableGauge("gauge").addCallback((result) => result.observe(value));
    const storages = storagesOf(provider, 0);
    const [internals] = meterInternals(provider) as [MeterInternals];
    Object.assign(internals, change(internals));
    expect(await shown(endpoint)).toEqual({ gauge: 1 });
    value = 2;
    expect(await shown(endpoint)).toEqual({ gauge: 2 });
    expect(storages.map(({ _deltaMetricStorage: stored }) => stored?._cumulativeMemoStorage.size)).toEqual([
      1,
    ]);
  });
});

describe("an instrument", () => {
  it("that a view of the application changes is left to the SDK, alone or in a batch", async () => {
    const endpoint = new EndpointReader();
    const views = [{ instrumentName: "old", name: "new" }];
    const meter = new MeterProvider({ readers: [endpoint], views }).getMeter("app");
    const plain = meter.createObservableGauge("plain");
    const renamed = meter.createObservableGauge("old");
    plain.addCallback((result) => result.observe(1));
    renamed.addCallback((result) => result.observe(2));
    meter.addBatchObservableCallback(
      (result) => {
        result.observe(plain, 3, { id: "batch" });
        result.observe(renamed, 4, { id: "batch" });
      },
      [plain, renamed],
    );
    for (let scrapes = 0; scrapes < 2; scrapes += 1)
      expect(await shown(endpoint)).toEqual({ plain: 1, new: 2, "plain batch": 3, "new batch": 4 });
  });

  it("is shown by each of several readers, whichever collects", async () => {
    const [other, collection] = [new EndpointReader(), new CollectionReader({ maxAttributeSets: 9 })];
    const { endpoint, meter } = application(other, collection);
    let value = 0;
    const taken = vi.fn((result: ObservableResult) => {
      value += 1;
      // Each value is observed once only.
      result.observe(value, { id: value });
    });
    meter.createObservableGauge("gauge").addCallback(taken);
    await shown(endpoint);
    await shown(other);
    await shown(collection);
    expect(await shown(endpoint)).toEqual({ "gauge 1": 1, "gauge 2": 2, "gauge 3": 3, "gauge 4": 4 });
    expect(await shown(other)).toMatchObject({ "gauge 1": 1, "gauge 4": 4, "gauge 5": 5 });
    expect(await shown(collection)).toEqual({ "gauge 4": 4, "gauge 5": 5, "gauge 6": 6 });
  });

  it("gives another reader a value that only a scrape has observed", async () => {
    const collection = new CollectionReader({ maxAttributeSets: 9 });
    const { endpoint, meter } = application(collection);
    let dirty: string[] = ["a", "b"];
    let value = 0;
    meter.createObservableGauge("gauge").addCallback((result) => {
      value += 1;
      for (const id of dirty) result.observe(value, { id });
    });
    await shown(endpoint);
    await shown(endpoint);
    dirty = ["b"];
    expect(await shown(collection)).toEqual({ "gauge a": 2, "gauge b": 3 });
    expect(await shown(collection)).toEqual({ "gauge b": 4 });
  });

  it("keeps the later value if several readers have scraped it", async () => {
    const [other, collection] = [new EndpointReader(), new CollectionReader({ maxAttributeSets: 9 })];
    const { endpoint, meter } = application(other, collection);
    let values = [1];
    meter.createObservableGauge("gauge").addCallback((result) => {
      for (const value of values) result.observe(value);
    });
    await shown(endpoint);
    await shown(other);
    values = [2];
    await shown(other);
    values = [3];
    await shown(endpoint);
    values = [];
    expect(await shown(collection)).toEqual({ gauge: 3 });
    expect(await shown(other)).toEqual({ gauge: 3 });
    expect(await shown(endpoint)).toEqual({ gauge: 3 });
  });

  it("shows a total that falls as it was observed, whatever other readers collect meanwhile", async () => {
    const collection = new CollectionReader({ maxAttributeSets: 9 });
    const { endpoint, meter } = application(collection);
    let total = 100;
    meter.createObservableCounter("total").addCallback((result) => result.observe(total));
    expect(await shown(endpoint)).toEqual({ total: 100 });
    total = 5;
    await shown(collection);
    total = 6;
    expect(await shown(endpoint)).toEqual({ total: 6 });
    total = -1;
    expect(await shown(endpoint)).toEqual({ total: 0 });
  });
});

describe("a callback", () => {
  it("that is too late has observed nothing, and neither has one that goes on after its end", async () => {
    const { endpoint, meter } = application();
    const late = Promise.withResolvers<void>();
    let kept: ObservableResult | undefined;
    const gauge = meter.createObservableGauge("gauge");
    const callback = async (result: ObservableResult) => {
      result.observe(1, { id: "late" });
      await late.promise;
      result.observe(2, { id: "late" });
    };
    gauge.addCallback(callback);
    gauge.addCallback((result) => {
      kept?.observe(3, { id: "kept" });
      result.observe(4, { id: "in time" });
      kept = result;
    });
    expect(await shown(endpoint, 20)).toEqual({
      "gauge in time": 4,
      errors: ["TimeoutError: no metrics within 20 ms"],
    });
    late.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    gauge.removeCallback(callback);
    expect(await shown(endpoint)).toEqual({ "gauge in time": 4 });
  });

  it("shows sets again that leave while they are observed", async () => {
    const collection = new CollectionReader({ maxAttributeSets: 3 });
    const { endpoint, meter } = application(collection);
    let [value, ended] = [1, Promise.resolve()];
    meter.createObservableGauge("gauge").addCallback(async (result) => {
      for (const id of ["a", "b"]) result.observe(value, { id });
      await ended;
    });
    atOnce(collection.sets.take(await collection.collect(), 0));
    expect(await shown(endpoint)).toEqual({ "gauge a": 1, "gauge b": 1 });
    const end = Promise.withResolvers<void>();
    [value, ended] = [2, end.promise];
    const scrape = shown(endpoint);
    await new Promise((next) => setImmediate(next));
    collection.expire(() => true);
    end.resolve();
    expect(await scrape).toEqual({ "gauge a": 2, "gauge b": 2 });
  });

  it.each([
    ["inherits its attributes", Object.create({ id: "a" })],
    ["has other attributes in the same place", { id: "b" }],
    ["has one more attribute", { id: "a", more: 1 }],
    ["has none", {}],
  ] as [string, Attributes][])("is not taken for another set if an object %s", async (_, attributes) => {
    const { endpoint, meter } = application();
    let given: Attributes = { id: "a" };
    meter.createObservableGauge("gauge").addCallback((result) => result.observe(1, given));
    await shown(endpoint);
    given = attributes;
    const { resourceMetrics } = await endpoint.collect();
    const points = resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints as DataPoint<number>[];
    expect(points.map((point) => point.attributes)).toEqual([{ id: "a" }, { ...attributes }]);
  });
});
