import type { DataPoint } from "@opentelemetry/sdk-metrics";
import { expect, test } from "vitest";
import { LABEL_SET, OWNER } from "../../src/core/label-owner.ts";
import type { Labels } from "../../src/core/series-key.ts";
import { ForecastProducer } from "../../src/otel/forecast-producer.ts";
import type { PublishedMetric } from "../../src/otel/published-metric.ts";

const metric = (name: string): PublishedMetric => ({ name, unit: "s", description: "", type: "gauge" });

async function metricsOf(producer: ForecastProducer) {
  const { resourceMetrics } = await producer.collect();
  return resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
}

async function valuesOf(producer: ForecastProducer): Promise<unknown[][]> {
  return (await metricsOf(producer)).map(({ dataPoints }) => dataPoints.map(({ value }) => value));
}

test("equal descriptions are one metric", async () => {
  const producer = new ForecastProducer(() => 0);
  producer.series(metric("a"), { agent: "x" }).put(1);
  producer.series(metric("a"), { agent: "y" }).put(2);
  producer.series({ ...metric("a"), unit: "By" }, {}).put(3);
  const metrics = await metricsOf(producer);
  expect(metrics.map(({ descriptor }) => descriptor.unit)).toEqual(["s", "By"]);
  expect(await valuesOf(producer)).toEqual([[1, 2], [3]]);
});

test("a series is published while it has a value", async () => {
  const producer = new ForecastProducer(() => 0);
  const series = producer.series(metric("a"), {});
  expect(await valuesOf(producer)).toEqual([]);
  series.put(1);
  series.put(2);
  expect(await valuesOf(producer)).toEqual([[2]]);
  series.remove();
  series.remove();
  expect(await valuesOf(producer)).toEqual([]);
  series.put(3);
  expect(await valuesOf(producer)).toEqual([[3]]);
});

test("a point has the current time, and keeps its attributes object and its value", async () => {
  let now = 1000;
  const producer = new ForecastProducer(() => now);
  const labels = { agent: "x" };
  const series = producer.series(metric("a"), labels);
  const collected = async () => (await metricsOf(producer))[0]?.dataPoints[0];
  series.put(2);
  now = 5000;
  const point = await collected();
  expect(point).toEqual({ attributes: labels, startTime: [1, 0], endTime: [5, 0], value: 2 });
  expect(point?.attributes).toBe(labels);
  now = 400_000; // longer ago than Prometheus looks back
  expect((await collected())?.endTime).toEqual([400, 0]);
  series.put(3);
  expect(point?.value).toBe(2);
});

test("a total that was removed and counts from 0 again began at the last collection without it", async () => {
  let now = 1000;
  const producer = new ForecastProducer(() => now);
  const total = { ...metric("a"), type: "counter" } as const;
  const times = async () => {
    const [found] = await metricsOf(producer);
    return found?.dataPoints.map(({ startTime, endTime, value }) => [startTime[0], endTime[0], value]);
  };
  const [first, other] = ["x", "y"].map((agent) => producer.series(total, { agent }));
  first?.put(5);
  other?.put(1);
  now = 2000;
  expect(await times()).toEqual([
    [1, 2, 5],
    [1, 2, 1],
  ]);
  first?.remove();
  now = 3000;
  expect(await times()).toEqual([[1, 3, 1]]);
  now = 4000;
  producer.series(total, { agent: "x" }).put(7);
  now = 5000;
  expect(await times()).toEqual([
    [1, 5, 1],
    [3, 5, 7],
  ]);
});

test("rows have the numbers of several metrics, which are those of other series too", async () => {
  const producer = new ForecastProducer(() => 0);
  const rows = producer.rows([metric("a"), metric("b")]);
  expect(producer.rows([metric("a"), metric("b")])).toBe(rows);
  producer.series(metric("b"), {}).put(Number.NaN);
  const owners = Array.from({ length: 9 }, (_, row) => [{ row: `${row}` }, { row: `${row}` }]);
  const added = owners.map((labels) =>
    rows.add({ labelsOf: (column) => labels[column] as Labels, labelSetOf: (column) => column }),
  );
  for (const [number, row] of added.entries()) rows.put(row, number % 2, number);
  rows.put(added[1] as number, 1, Number.POSITIVE_INFINITY);
  rows.putOrRemove(added[3] as number, 1, undefined);
  rows.putOrRemove(added[5] as number, 1, 50);
  expect(await valuesOf(producer)).toEqual([
    [0, 2, 4, 6, 8],
    [Number.NaN, Number.POSITIVE_INFINITY, 50, 7],
  ]);
  const points = (await metricsOf(producer))[0]?.dataPoints;
  expect(points?.map(({ attributes }) => attributes)).toEqual(
    ["0", "2", "4", "6", "8"].map((row) => ({ row })),
  );
  expect(points?.[1]?.attributes).toBe(owners[2]?.[0]);
});

test("a row has labels only when they are read, if the reader knows them by their owner", async () => {
  const producer = new ForecastProducer(() => 0);
  const rows = producer.rows([metric("a"), metric("b"), metric("c")]);
  let made = 0;
  const owner = {
    labelsOf: (column: number) => ({ made: `${++made}`, column: `${column}` }),
    labelSetOf: (column: number) => Math.min(column, 1),
  };
  const row = rows.add(owner);
  for (const column of [0, 1, 2]) rows.put(row, column, column);
  const { resourceMetrics } = await producer.collect({ hasLateLabels: true });
  const points = resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
    metrics.map((it): DataPoint<unknown> | undefined => it.dataPoints.at(0)),
  );
  expect(points.map((point) => point?.value)).toEqual([0, 1, 2]);
  expect(points).toMatchObject([0, 1, 1].map((set) => ({ [OWNER]: owner, [LABEL_SET]: set })));
  expect(made).toBe(0);
  expect(points[2]?.attributes).toEqual({ made: "1", column: "2" });
});

test("a row that was deleted is used again, and is no longer that of its former owner", async () => {
  const producer = new ForecastProducer(() => 0);
  const rows = producer.rows([metric("a")]);
  const row = rows.add({ labelsOf: () => ({ of: "one" }), labelSetOf: () => 0 });
  rows.put(row, 0, 1);
  const gone = rows.delete(row);
  expect(await valuesOf(producer)).toEqual([]);
  expect(rows.add({ labelsOf: () => ({ of: "other" }), labelSetOf: () => 0 })).toBe(row);
  rows.put(gone, 0, 2);
  rows.remove(gone, 0);
  rows.delete(gone);
  expect(await valuesOf(producer)).toEqual([]);
  rows.put(row, 0, 3);
  expect((await metricsOf(producer))[0]?.dataPoints[0]).toMatchObject({
    attributes: { of: "other" },
    value: 3,
  });
});

test("many points are made in turns of the event loop, and are those of the moment that was asked for", async () => {
  const producer = new ForecastProducer(() => 0);
  const rows = producer.rows([metric("a"), metric("b")]);
  const owner = { labelsOf: (): Labels => ({}), labelSetOf: () => 0 };
  const made = Array.from({ length: 150_000 }, () => rows.add(owner));
  for (const row of made) for (const column of [0, 1]) rows.put(row, column, 1);
  let turns = 0;
  const collected = valuesOf(producer);
  const watch = setInterval(() => {
    turns += 1;
    for (const row of made) rows.put(row, 1, 2);
    rows.delete(made[0] as number);
  }, 0);
  const values = await collected;
  clearInterval(watch);
  expect(turns).toBeGreaterThan(0);
  expect(values.map((of) => of.length)).toEqual([made.length, made.length]);
  expect(new Set(values.flat())).toEqual(new Set([1]));
});

test("what is measured is shown as it was when it was asked for, and rows as they are put for the reader", async () => {
  const owner = { labelsOf: () => ({}), labelSetOf: () => 0 };
  const producer: ForecastProducer = new ForecastProducer(
    () => 0,
    function* () {
      yield;
      measured.put(2);
      rows.put(rows.add(owner), 0, 7);
    },
  );
  const measured = producer.series(metric("measured"), {});
  const rows = producer.rows([metric("forecast")]);
  measured.put(1);
  expect(await valuesOf(producer)).toEqual([[1], [7]]);
});
