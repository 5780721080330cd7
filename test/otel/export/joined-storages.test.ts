import { diag } from "@opentelemetry/api";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import {
  AggregationTemporality,
  createAllowListAttributesProcessor,
  type DataPoint,
  type Histogram,
  type IMetricReader,
  MeterProvider,
  MetricReader,
  type ViewOptions,
} from "@opentelemetry/sdk-metrics";
import { describe, expect, it, vi } from "vitest";
import { atOnce } from "../../../src/core/yielding-runner.ts";
import { CollectionReader } from "../../../src/otel/collection-reader.ts";
import { joinReaders } from "../../../src/otel/export/foreign-provider.ts";
import { measuredMetrics } from "../../../src/otel/measured-metrics.ts";
import { EndpointReader } from "../../../src/prometheus/endpoint-reader.ts";

const LIMIT = 5;

/** A reader of the application. */
class OwnReader extends MetricReader {
  constructor(temporality: AggregationTemporality) {
    super({ aggregationTemporalitySelector: () => temporality, cardinalitySelector: () => LIMIT });
  }

  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

interface Internals {
  readonly _sharedState: {
    readonly meterSharedStates: Map<
      unknown,
      {
        metricStorageRegistry: {
          _perCollectorRegistry: Map<unknown, Map<string, unknown[]>>;
          registerForCollector(collector: unknown, storage: unknown): void;
        };
      }
    >;
    selectAggregations: unknown;
  };
}

function joined({ views = [], readers = [] }: { views?: ViewOptions[]; readers?: IMetricReader[] } = {}) {
  const provider = new MeterProvider({ views, readers });
  const tick = new CollectionReader({ maxAttributeSets: LIMIT });
  const scrape = new EndpointReader({ cardinalityLimit: LIMIT });
  expect(joinReaders(provider, tick, scrape)).toBe(true);
  return { provider, tick, scrape, meter: provider.getMeter("app") };
}

/** The different storages that a value of an instrument is recorded in. */
function storagesOf(provider: MeterProvider, instrument: string): number {
  const { meterSharedStates } = (provider as unknown as Internals)._sharedState;
  const all = [...meterSharedStates.values()].flatMap(({ metricStorageRegistry: registry }) =>
    [...registry._perCollectorRegistry.values()].flatMap((byName) => byName.get(instrument) ?? []),
  );
  return new Set(all).size;
}

/** What a reader shows: a number, or the count of a histogram, by instrument and attribute. */
async function read(reader: IMetricReader): Promise<Record<string, number>> {
  const { resourceMetrics, errors } = await reader.collect();
  expect(errors).toEqual([]);
  return Object.fromEntries(
    resourceMetrics.scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .flatMap(({ descriptor: { name }, dataPoints }) =>
        (dataPoints as DataPoint<number | Histogram>[]).map(({ attributes: { id = "" }, value }) => [
          `${name} ${id}`.trim(),
          typeof value === "number" ? value : value.count,
        ]),
      ),
  );
}

describe("the two readers of a provider that we have joined", () => {
  it("leave the application as it is if the SDK refuses, and say so once", async () => {
    const { provider, scrape, meter } = joined();
    const { meterSharedStates } = (provider as unknown as Internals)._sharedState;
    const created = async (...names: string[]): Promise<void> => {
      for (const name of names) meter.createCounter(name).add(2);
      const registries = [...meterSharedStates.values()].map(({ metricStorageRegistry: it }) => it);
      const refusals = registries.map((registry) =>
        vi.spyOn(registry, "registerForCollector").mockImplementation(() => {
          throw new Error("no such registry");
        }),
      );
      await Promise.resolve();
      for (const refusal of refusals) refusal.mockRestore();
    };
    const lines: string[] = [];
    const error = vi.spyOn(diag, "error").mockImplementation((line) => void lines.push(line));
    await created("one", "other");
    await created("later");
    error.mockRestore();
    expect(lines).toEqual(["otel-forecast: new instruments of the application are not forecast: Error"]);
    expect(await read(scrape)).toEqual({ one: 2, other: 2, later: 2 });
  });

  it("share one storage for each instrument that records, the SDK being as expected", async () => {
    const { provider, tick, scrape, meter } = joined();
    const histogram = meter.createHistogram("histogram");
    const counter = meter.createCounter("counter");
    const level = meter.createUpDownCounter("level");
    const gauge = meter.createGauge("gauge");
    await Promise.resolve();
    for (const name of ["histogram", "counter", "level", "gauge"]) expect(storagesOf(provider, name)).toBe(1);
    const record = (value: number) => {
      histogram.record(value);
      counter.add(value);
      level.add(value);
      gauge.record(value);
    };
    record(2);
    expect(await read(tick)).toEqual({ histogram: 1, counter: 2, level: 2, gauge: 2 });
    record(3);
    expect(await read(scrape)).toEqual({ histogram: 2, counter: 5, level: 5, gauge: 3 });
    record(4);
    expect(await read(scrape)).toEqual({ histogram: 3, counter: 9, level: 9, gauge: 4 });
    expect(await read(tick)).toEqual({ histogram: 2, counter: 7, level: 9, gauge: 4 });
    record(1);
    const [ticked, scraped] = await Promise.all([read(tick), read(scrape)]);
    expect(ticked).toEqual({ histogram: 1, counter: 1, level: 10, gauge: 1 });
    expect(scraped).toEqual({ histogram: 4, counter: 10, level: 10, gauge: 1 });
  });

  it("have the buckets of the application and the percentiles of what is new", async () => {
    const { tick, scrape, meter } = joined();
    const advice = { explicitBucketBoundaries: [1, 10] };
    const histogram = meter.createHistogram("histogram", { advice });
    for (const value of [0.5, 5, 50]) histogram.record(value);
    const [metric] = atOnce(measuredMetrics(await tick.collect()));
    expect(metric?.points).toMatchObject([{ value: { kind: "exponential", count: 3, min: 0.5, max: 50 } }]);
    const { resourceMetrics } = await scrape.collect();
    expect(resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints).toMatchObject([
      { value: { count: 3, buckets: { boundaries: [1, 10], counts: [1, 1, 1] } } },
    ]);
  });

  it("both have what a view of the application makes", async () => {
    const { tick, scrape, meter } = joined({
      views: [
        { instrumentName: "counter", attributesProcessors: [createAllowListAttributesProcessor(["id"])] },
      ],
      readers: [new PrometheusExporter({ preventServerStart: true })],
    });
    const counter = meter.createCounter("counter");
    for (const more of [1, 2]) counter.add(more, { id: "a", more });
    expect(await read(tick)).toEqual({ "counter a": 3 });
    counter.add(1, { id: "a", more: 3 });
    expect(await read(scrape)).toEqual({ "counter a": 4 });
    expect(await read(tick)).toEqual({ "counter a": 1 });
  });

  it.each([
    ["increments", AggregationTemporality.DELTA],
    ["totals", AggregationTemporality.CUMULATIVE],
  ])("leave the %s of an exporter of the application as they are", async (_, temporality) => {
    const exported = async (isJoined: boolean) => {
      const own = new OwnReader(temporality);
      const ours = isJoined ? joined({ readers: [own] }) : undefined;
      const meter = (ours?.provider ?? new MeterProvider({ readers: [own] })).getMeter("app");
      const [counter, histogram] = [meter.createCounter("counter"), meter.createHistogram("histogram")];
      const rounds: unknown[] = [];
      for (let round = 0; round < 4; round += 1) {
        for (let set = 0; set < LIMIT + 2; set += 1) {
          counter.add(1, { id: `${round}.${set}` });
          histogram.record(round, { id: `${round}.${set}` });
        }
        if (ours !== undefined) for (const reader of [ours.tick, ours.scrape]) await read(reader);
        rounds.push(await read(own));
      }
      return rounds;
    };
    expect(await exported(true)).toEqual(await exported(false));
  });

  /** A state like that of the SDK, whose readers have these storages. */
  const withStorages = (state: object, storages: readonly object[]) =>
    class extends (state.constructor as new (
      resource: unknown,
    ) => { getMeterSharedState(scope: unknown): { metricStorageRegistry: object } }) {
      override getMeterSharedState(scope: unknown) {
        const shared = super.getMeterSharedState(scope);
        Object.assign(shared.metricStorageRegistry, { getStorages: () => storages });
        return shared;
      }
    };
  const storage = {};

  it.each([
    ["another class of states", () => Object],
    ["no storage", (state: object) => withStorages(state, [])],
    ["two storages", (state: object) => withStorages(state, [storage, storage])],
  ])("have storages of their own where the SDK is another than expected: %s", async (_, classOf) => {
    const provider = new MeterProvider();
    const state: object = (provider as unknown as Internals)._sharedState;
    Object.assign(state, { constructor: classOf(state) });
    const tick = new CollectionReader({ maxAttributeSets: LIMIT });
    const scrape = new EndpointReader({ cardinalityLimit: LIMIT });
    expect(joinReaders(provider, tick, scrape)).toBe(true);
    const counter = provider.getMeter("app").createCounter("counter");
    for (const ticked of [1, 2]) {
      counter.add(ticked);
      expect(await read(tick)).toEqual({ counter: ticked });
    }
    expect(await read(scrape)).toEqual({ counter: 3 });
    expect(storagesOf(provider, "counter")).toBe(2);
  });
});
