import {
  AggregationTemporality,
  type DataPoint,
  MeterProvider,
  MetricReader,
  type ViewOptions,
} from "@opentelemetry/sdk-metrics";
import { describe, expect, it } from "vitest";
import { SdkStorages } from "../../src/otel/sdk-storages.ts";

const LIMIT = 3;

/** A reader with the storages of its provider. */
class Probe extends MetricReader {
  storages = new SdkStorages(undefined);
  #producer: unknown;

  constructor(temporality = AggregationTemporality.DELTA) {
    super({
      aggregationTemporalitySelector: () => temporality,
      cardinalitySelector: () => LIMIT,
    });
  }

  override setMetricProducer(producer: Parameters<MetricReader["setMetricProducer"]>[0]): void {
    this.#producer = producer;
    this.storages = new SdkStorages(producer);
    super.setMetricProducer(producer);
  }

  /** What it reads since the last time, by the attribute `id`; those beyond the limit have none. */
  async read(): Promise<Record<string, unknown>> {
    const { resourceMetrics } = await this.collect();
    const points = resourceMetrics.scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .flatMap(({ dataPoints }) => dataPoints as DataPoint<unknown>[]);
    return Object.fromEntries(points.map(({ attributes: { id }, value }) => [String(id), value]));
  }

  /** How many collections of others it has not read, of the storage that has most. */
  get unread(): number {
    const { meterSharedStates } = (
      this.#producer as { _sharedState: { meterSharedStates: Map<string, never> } }
    )._sharedState;
    const lists: { length: number }[] = [];
    for (const { metricStorageRegistry } of meterSharedStates.values() as Iterable<{
      metricStorageRegistry: { getStorages(of: unknown): readonly unknown[] };
    }>)
      for (const storage of metricStorageRegistry.getStorages(this.#producer) as {
        _temporalMetricStorage: { _unreportedAccumulations: Map<unknown, { length: number }> };
      }[])
        lists.push(storage._temporalMetricStorage._unreportedAccumulations.get(this.#producer) ?? []);
    return Math.max(0, ...lists.map(({ length }) => length));
  }

  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

function twoReaders(views: ViewOptions[] = []) {
  const [ours, other] = [new Probe(), new Probe()];
  const meter = new MeterProvider({ readers: [ours, other], views }).getMeter("shop");
  return { ours, other, calls: meter.createCounter("calls"), meter };
}

it.each([
  { ofAll: false, limited: [true, false] },
  { ofAll: true, limited: [true, true] },
])("limits the sets that there have ever been, of all readers: $ofAll", async ({ ofAll, limited }) => {
  const { ours, other, calls } = twoReaders();
  const seen = [new Set<string>(), new Set<string>()];
  for (let id = 0; id < 3 * LIMIT; id += 1) {
    calls.add(1, { id });
    for (const [index, reader] of [ours, other].entries())
      for (const read of Object.keys(await reader.read())) seen[index]?.add(read);
    ours.storages.bound(ofAll);
  }
  expect(seen.map((ids) => ids.has("undefined"))).toEqual(limited);
  expect(seen.map((ids) => ids.size <= LIMIT)).toEqual(limited);
});

const SHARED: ViewOptions[] = [{ instrumentName: "calls", name: "renamed" }];

it("makes room under the limit for what is forgotten", async () => {
  const { ours, calls } = twoReaders();
  const add = async (id: string) => {
    calls.add(1, { id });
    const read = await ours.read();
    ours.storages.bound(false);
    return read;
  };
  for (const id of ["a", "b", "c", "d"]) await add(id);
  expect(await add("e")).toEqual({ undefined: 1 });
  ours.storages.forget({ scope: "other", instrument: "calls", gone: [{ id: "a" }] }, false);
  expect(await add("e")).toEqual({ undefined: 1 });
  ours.storages.forget({ scope: "shop", instrument: "calls", gone: [{ id: "a" }] }, false);
  expect(await add("e")).toEqual({ e: 1 });
});

it.each([
  { sharedToo: false, views: [], isForgotten: true },
  { sharedToo: false, views: SHARED, isForgotten: false },
  { sharedToo: true, views: SHARED, isForgotten: true },
])("forgets what is gone and nothing else: %j", async ({ sharedToo, views, isForgotten }) => {
  const ours = new Probe(AggregationTemporality.CUMULATIVE);
  const calls = new MeterProvider({ readers: [ours], views }).getMeter("shop").createCounter("calls");
  for (const id of ["a", "b"]) calls.add(2, { id });
  expect(await ours.read()).toEqual({ a: 2, b: 2 });
  const instrument = views.length === 0 ? "calls" : "renamed";
  ours.storages.forget({ scope: "shop", instrument, gone: [{ id: "a" }] }, sharedToo);
  expect(await ours.read()).toEqual(isForgotten ? { b: 2 } : { a: 2, b: 2 });
  for (const id of ["a", "b"]) calls.add(1, { id });
  expect(await ours.read()).toEqual({ a: isForgotten ? 1 : 3, b: 3 });
});

describe("a set that was recorded since the last collection", () => {
  it.each([
    ["by nobody", async () => {}],
    ["by another reader only", (other: Probe) => other.read()],
  ])("is not forgotten: collected %s", async (_, collect) => {
    const { ours, other, calls } = twoReaders(SHARED);
    for (const id of ["a", "b"]) calls.add(2, { id });
    for (const reader of [ours, other]) await reader.read();
    calls.add(1, { id: "a" });
    await collect(other);
    const gone = [{ id: "a" }, { id: "b" }];
    ours.storages.forget({ scope: "shop", instrument: "renamed", gone }, true);
    expect(await ours.read()).toEqual({ a: 1 });
  });

  it("counts for the readers of others too", async () => {
    const { ours, other, calls } = twoReaders();
    calls.add(2, { id: "a" });
    for (const reader of [ours, other]) await reader.read();
    calls.add(1, { id: "a" });
    ours.storages.forget({ scope: "shop", instrument: "calls", gone: [{ id: "a" }] }, false);
    for (const reader of [ours, other]) expect(await reader.read()).toEqual({ a: 1 });
  });
});

it.each([
  [false, 5],
  [true, 1],
])("merges what a reader that shares storages has not read, of all readers: %s", async (ofAll, unread) => {
  const { ours, other, calls } = twoReaders(SHARED);
  for (let round = 0; round < 5; round += 1) {
    calls.add(2, { id: "a" });
    expect(await ours.read()).toEqual({ a: 2 });
    ours.storages.mergeUnreported(ofAll);
  }
  expect(other.unread).toBe(unread);
  expect(await other.read()).toEqual({ a: 10 });
});
