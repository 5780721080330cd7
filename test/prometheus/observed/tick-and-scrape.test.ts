import type { ObservableResult } from "@opentelemetry/api";
import {
  AggregationTemporality,
  createAllowListAttributesProcessor,
  type DataPoint,
  type IMetricReader,
  MeterProvider,
  MetricReader,
  type ViewOptions,
} from "@opentelemetry/sdk-metrics";
import { describe, expect, it, vi } from "vitest";
import { CollectionReader } from "../../../src/otel/collection-reader.ts";
import { EndpointReader } from "../../../src/prometheus/endpoint-reader.ts";

const LIMIT = 100;

/** A reader of the application, whose exporter wants increments. */
class DeltaReader extends MetricReader {
  constructor() {
    super({ aggregationTemporalitySelector: () => AggregationTemporality.DELTA });
  }

  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

/** The values of a reader by instrument and the attribute `id`, and whether there were errors. */
async function read(reader: IMetricReader, timeoutMillis = 10_000): Promise<Record<string, unknown>> {
  const { resourceMetrics, errors } = await reader.collect({ timeoutMillis });
  const values = resourceMetrics.scopeMetrics
    .flatMap(({ metrics }) => metrics)
    .flatMap(({ descriptor: { name }, dataPoints }) =>
      (dataPoints as DataPoint<unknown>[]).map(({ attributes: { id }, value }) => [
        `${name} ${id ?? ""}`.trim(),
        value,
      ]),
    );
  return { ...Object.fromEntries(values), ...(errors.length > 0 ? { errors: errors.length } : {}) };
}

function application(options: { views?: ViewOptions[]; more?: IMetricReader[]; limit?: number } = {}) {
  const tick = new CollectionReader({ maxAttributeSets: LIMIT });
  const scrape = new EndpointReader({ cardinalityLimit: options.limit ?? LIMIT });
  const readers = [...(options.more ?? []), tick, scrape];
  const provider = new MeterProvider({ readers, views: options.views ?? [] });
  return { tick, scrape, provider, meter: provider.getMeter("app") };
}

/** What the SDK stores of observable instruments, by reader. */
function storedBySdk(provider: MeterProvider): unknown[][] {
  const { _sharedState: state } = provider as unknown as {
    _sharedState: {
      metricCollectors: unknown[];
      meterSharedStates: Map<
        string,
        { metricStorageRegistry: { getStorages(of: unknown): { _deltaMetricStorage?: unknown }[] } }
      >;
    };
  };
  return state.metricCollectors.map((collector) =>
    [...state.meterSharedStates.values()].flatMap(({ metricStorageRegistry }) =>
      metricStorageRegistry.getStorages(collector).map((storage) => storage._deltaMetricStorage),
    ),
  );
}

describe("a tick and a scrape of one provider", () => {
  it("read callbacks without the SDK's storages, and call each once", async () => {
    const { tick, scrape, provider, meter } = application();
    const observe = vi.fn((result: ObservableResult) => result.observe(7, { id: "a" }));
    for (const kind of [
      "createObservableGauge",
      "createObservableCounter",
      "createObservableUpDownCounter",
    ] as const)
      meter[kind](kind).addCallback(observe);
    const all = {
      "createObservableGauge a": 7,
      "createObservableCounter a": 7,
      "createObservableUpDownCounter a": 7,
    };
    for (const [calls, reader] of [tick, scrape, tick, scrape].entries()) {
      expect(await read(reader)).toEqual(all);
      expect(observe).toHaveBeenCalledTimes(3 * (calls + 1));
    }
    expect(storedBySdk(provider).flat()).toEqual(Array.from({ length: 6 }));
  });

  it.each(["tick", "scrape"])("have exact values whoever is first: the %s", async (first) => {
    const { tick, scrape, meter } = application();
    let [value, ids] = [1, ["a", "b"]];
    meter.createObservableGauge("gauge").addCallback((result) => {
      for (const id of ids) result.observe(value, { id });
    });
    await read(first === "tick" ? tick : scrape);
    await read(first === "tick" ? scrape : tick);
    await read(tick);
    [value, ids] = [2, ["a"]];
    expect(await read(scrape)).toEqual({ "gauge a": 2, "gauge b": 1 });
    [value, ids] = [3, ["c"]];
    // The tick has what the scrape observed since the last tick too, each value once.
    expect(await read(tick)).toEqual({ "gauge a": 2, "gauge c": 3 });
    expect(await read(tick)).toEqual({ "gauge c": 3 });
    ids = [];
    expect(await read(tick)).toEqual({});
    expect(await read(scrape)).toEqual({ "gauge a": 2, "gauge b": 1, "gauge c": 3 });
  });

  it("have exact values at the same time", async () => {
    const { tick, scrape, meter } = application();
    const ends: (() => void)[] = [];
    let total = 0;
    meter.createObservableCounter("total").addCallback(async (result) => {
      total += 10;
      result.observe(total);
      await new Promise<void>((end) => ends.push(end));
    });
    const both = [read(tick), read(scrape)];
    await vi.waitFor(() => expect(ends).toHaveLength(2));
    for (const end of ends) end();
    for (const values of await Promise.all(both))
      expect([{ total: 10 }, { total: 20 }]).toContainEqual(values);
    const next = read(tick);
    await vi.waitFor(() => expect(ends).toHaveLength(3));
    ends[2]?.();
    expect(await next).toEqual({ total: 30 });
  });

  it("lose only the metric of a callback that throws or hangs", async () => {
    const { tick, scrape, meter } = application();
    meter.createObservableGauge("throws").addCallback((result) => {
      result.observe(1);
      throw new Error("no");
    });
    meter.createObservableGauge("hangs").addCallback(() => new Promise(() => {}));
    meter.createObservableGauge("works").addCallback((result) => result.observe(1));
    for (const reader of [tick, scrape]) expect(await read(reader, 20)).toEqual({ works: 1, errors: 2 });
  });

  it("leave an instrument to the SDK whose attributes a view of the application filters", async () => {
    const views = [
      { instrumentName: "filtered", attributesProcessors: [createAllowListAttributesProcessor(["id"])] },
    ];
    const { tick, scrape, meter } = application({ views });
    let value = 1;
    for (const name of ["filtered", "plain"])
      meter
        .createObservableGauge(name)
        .addCallback((result) => result.observe(value, { id: "a", more: value }));
    for (const reader of [tick, scrape, tick, scrape]) {
      expect(await read(reader)).toMatchObject({ "filtered a": value, "plain a": value });
      value += 1;
    }
  });

  it("keep values apart if the readers have other limits", async () => {
    const { tick, scrape, meter } = application({ limit: 3 });
    meter.createObservableGauge("gauge").addCallback((result) => {
      for (const id of ["a", "b", "c"]) result.observe(1, { id });
    });
    for (let times = 0; times < 2; times += 1) {
      expect(await read(scrape)).toEqual({ "gauge a": 1, "gauge b": 1, gauge: 1 });
      expect(await read(tick)).toEqual({ "gauge a": 1, "gauge b": 1, "gauge c": 1 });
    }
  });

  it("have no rate of a total below 0 that a scrape has observed", async () => {
    const { tick, scrape, meter } = application();
    let total = 100;
    meter.createObservableCounter("total").addCallback((result) => result.observe(total));
    await read(tick);
    await read(scrape);
    total = -1;
    expect(await read(scrape)).toEqual({ total: 0 });
    expect(await read(tick)).toEqual({});
    total = 101;
    expect(await read(tick)).toEqual({ total: 101 });
  });

  it("change nothing of what a delta exporter of the application exports", async () => {
    const exported = async (isBesideUs: boolean) => {
      const delta = new DeltaReader();
      const ours = isBesideUs ? application({ more: [delta] }) : undefined;
      const provider = ours?.provider ?? new MeterProvider({ readers: [delta] });
      const meter = provider.getMeter("app");
      let total = 0;
      for (const kind of ["createObservableGauge", "createObservableCounter"] as const)
        meter[kind](kind).addCallback((result) =>
          result.observe(total, { id: total % 20 === 0 ? "b" : "a" }),
        );
      const rounds: unknown[] = [];
      for (let round = 0; round < 4; round += 1) {
        total += 10;
        if (ours !== undefined) for (const reader of [ours.tick, ours.scrape]) await read(reader);
        rounds.push(await read(delta));
      }
      return rounds;
    };
    expect(await exported(true)).toEqual(await exported(false));
  });

  it("end with their provider", async () => {
    const { tick, scrape, provider, meter } = application();
    const observe = vi.fn((result: ObservableResult) => result.observe(1));
    meter.createObservableGauge("gauge").addCallback(observe);
    for (const reader of [tick, scrape]) expect(await read(reader)).toEqual({ gauge: 1 });
    await provider.shutdown();
    expect(tick.isShutDown).toBe(true);
    for (const reader of [tick, scrape]) await read(reader).catch(() => {});
    expect(observe).toHaveBeenCalledTimes(2);
  });
});
