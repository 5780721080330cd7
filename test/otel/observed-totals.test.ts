import type { Attributes } from "@opentelemetry/api";
import { AggregationType, MeterProvider, type ViewOptions } from "@opentelemetry/sdk-metrics";
import { describe, expect, it } from "vitest";
import { atOnce } from "../../src/core/yielding-runner.ts";
import { CollectionReader } from "../../src/otel/collection-reader.ts";
import { measuredMetrics } from "../../src/otel/measured-metrics.ts";
import { ObservedTotals } from "../../src/otel/observed-totals.ts";

/** A counter whose totals are set by hand, and the points of each collection. */
function observed({ views = [], maxAttributeSets = 100 }: Partial<Options> = {}) {
  const reader = new CollectionReader({ maxAttributeSets });
  const meter = new MeterProvider({ readers: [reader], views: [...views] }).getMeter("db");
  let totals: readonly (readonly [number, Attributes?])[] = [];
  meter.createObservableCounter("rows").addCallback((result) => {
    for (const [total, attributes] of totals) result.observe(total, attributes);
  });
  return async (...now: (readonly [number, Attributes?])[]) => {
    totals = now;
    const [metric] = atOnce(measuredMetrics(await reader.collect(), reader.totals));
    return metric;
  };
}

interface Options {
  readonly views: readonly ViewOptions[];
  readonly maxAttributeSets: number;
}

describe("an observed total", () => {
  it("begins at its first reading: what was counted before has no rate", async () => {
    const collect = observed();
    const first = await collect([5e9]);
    expect(first).toMatchObject({ kind: "increment", points: [{ value: 0, before: 5e9 }] });
    expect((await collect([5e9 + 100]))?.points).toEqual([{ labels: {}, value: 100 }]);
    expect((await collect([5e9 + 100]))?.points).toEqual([{ labels: {}, value: 0 }]);
  });

  it("begins for each attribute set when that is first observed", async () => {
    const collect = observed();
    await collect([10, { table: "a" }]);
    expect((await collect([12, { table: "a" }], [7e6, { table: "b" }]))?.points).toEqual([
      { labels: { table: "a" }, value: 2 },
      { labels: { table: "b" }, value: 0, before: 7e6 },
    ]);
  });

  it("begins anew when it falls, however far", async () => {
    const collect = observed();
    await collect([5e9]);
    expect((await collect([4.9e9]))?.points).toEqual([{ labels: {}, value: 0 }]);
    expect((await collect([4.9e9 + 3]))?.points).toEqual([{ labels: {}, value: 3 }]);
  });

  it("survives some collections without it, and has no rate for a long time without it", async () => {
    const collect = observed();
    await collect([100]);
    for (let missed = 0; missed < 3; missed += 1) expect((await collect())?.points ?? []).toEqual([]);
    expect((await collect([130]))?.points).toEqual([{ labels: {}, value: 30 }]);
    for (let missed = 0; missed < 4; missed += 1) await collect();
    expect((await collect([9000]))?.points).toEqual([{ labels: {}, value: 0, before: 8870 }]);
  });

  it("has no increment of values that a total cannot have", async () => {
    const collect = observed();
    await collect([100]);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, -1])
      expect((await collect([value]))?.points ?? []).toEqual([]);
    expect((await collect([104]))?.points).toEqual([{ labels: {}, value: 4 }]);
  });

  it("is not made of totals beyond the cardinality limit, which take turns", async () => {
    const collect = observed({ maxAttributeSets: 3 });
    const sets = (turn: number) => [1, 2, 3, 4].map((id) => [id * 1e6 + turn, { id }] as const);
    await collect(...sets(0));
    const later = await collect(...sets(5).reverse());
    expect(later?.points.map(({ value }) => value)).toEqual([5, 5]);
  });

  it("begins at its first reading too if a view of the application makes a sum of it", async () => {
    const collect = observed({
      views: [{ instrumentName: "rows", aggregation: { type: AggregationType.SUM } }],
    });
    expect((await collect([5e9]))?.points).toEqual([{ labels: {}, value: 0, before: 5e9 }]);
    expect((await collect([5e9 + 7]))?.points).toEqual([{ labels: {}, value: 7 }]);
  });
});

describe("totals that are no longer observed", () => {
  /** What a total is after it was missing, beside others that were observed in each collection. */
  function afterMissing(collections: number, others: number) {
    const totals = new ObservedTotals();
    const collect = (): void => {
      totals.begin();
      for (let id = 0; id < others; id++) totals.increment(`other ${id}`, 1);
    };
    collect();
    totals.increment("total", 100);
    for (let missed = 0; missed < collections; missed++) collect();
    totals.begin();
    return totals.increment("total", 130);
  }

  it("are forgotten if there are more than 10,000, once they have no rate any more", () => {
    expect(afterMissing(3, 10_000)).toEqual({ value: 30 });
    expect(afterMissing(4, 10_000)).toEqual({ value: 0, before: 130 });
  });

  it("are kept if there are fewer", () => {
    expect(afterMissing(3, 9999)).toEqual({ value: 30 });
    expect(afterMissing(4, 9999)).toEqual({ value: 0, before: 30 });
  });
});

describe("an observed level", () => {
  it.each([
    ["", []],
    [", also if a view of the application makes a sum of it", [AggregationType.SUM]],
  ] as const)("is the value that was observed last, in each attribute set%s", async (_, types) => {
    const reader = new CollectionReader({ maxAttributeSets: 100 });
    const views = types.map((type) => ({ instrumentName: "open", aggregation: { type } }) as const);
    const meter = new MeterProvider({ readers: [reader], views }).getMeter("db");
    let open = 0;
    meter.createObservableUpDownCounter("open").addCallback((result) => {
      result.observe(open, { pool: "a" });
      result.observe(100, { pool: "b" });
    });
    for (open of [7, 9, -2, 9])
      expect(atOnce(measuredMetrics(await reader.collect(), reader.totals))).toMatchObject([
        {
          scope: "db",
          name: "open",
          kind: "level",
          points: [
            { labels: { pool: "a" }, value: open },
            { labels: { pool: "b" }, value: 100 },
          ],
        },
      ]);
  });
});

describe("a counter that the application adds to", () => {
  it("counts from its first increment, also for an attribute set that comes later", async () => {
    const reader = new CollectionReader({ maxAttributeSets: 100 });
    const counter = new MeterProvider({ readers: [reader] }).getMeter("job").createCounter("items");
    const collect = async () => atOnce(measuredMetrics(await reader.collect(), reader.totals))[0]?.points;
    counter.add(5);
    expect(await collect()).toEqual([{ labels: {}, value: 5 }]);
    counter.add(2, { kind: "late" });
    expect(await collect()).toEqual([{ labels: { kind: "late" }, value: 2 }]);
  });
});
