import { expect, it } from "vitest";
import type { MeasuredMetric } from "../../src/core/measured-metric.ts";
import type { HistogramPoint } from "../../src/core/metric-point.ts";
import { atOnce } from "../../src/core/yielding-runner.ts";
import { CumulativeSeries, isPublishedByViews } from "../../src/otel/cumulative-series.ts";
import { ForecastProducer } from "../../src/otel/forecast-producer.ts";
import { RUNTIME_SCOPE, SELF_SCOPE, TASK_SCOPE } from "../../src/otel/scopes.ts";

function increments(values: Readonly<Record<string, number>>): MeasuredMetric {
  const points = Object.entries(values).map(([agent, value]) => ({ labels: { agent }, value }));
  return { scope: "own", name: "calls", unit: "", description: "", kind: "increment", points };
}

function cumulative(maxEntries = 10) {
  const producer = new ForecastProducer(() => 0);
  const series = new CumulativeSeries(producer, maxEntries);
  const take = async (values: Readonly<Record<string, number>>, now: number): Promise<unknown> => {
    Array.from(series.take([increments(values)], now));
    return shown();
  };
  const shown = async () => {
    const { resourceMetrics } = await producer.collect();
    const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    return metrics.flatMap(({ dataPoints }) =>
      dataPoints.map(({ attributes, value }) => [attributes.agent, value]),
    );
  };
  return { series, take, shown };
}

it("adds up increments, of each attribute set", async () => {
  const { take } = cumulative();
  expect(await take({ a: 1, b: 2 }, 0)).toEqual([
    ["a", 1],
    ["b", 2],
  ]);
  expect(await take({ a: 5 }, 10)).toEqual([
    ["a", 6],
    ["b", 2],
  ]);
});

it("adds up the buckets, the count and the sum of a histogram, and does not change what was given", async () => {
  const { series, shown } = cumulative();
  const histogram = (counts: readonly number[], sum: number): MeasuredMetric => {
    const count = counts.reduce((all, one) => all + one, 0);
    const value = { kind: "explicit", count, sum, boundaries: [1, 5], counts } as const;
    const points = [{ labels: { agent: "a" }, value }];
    return { scope: "app", name: "wait", unit: "s", description: "", kind: "histogram", points };
  };
  const first = histogram([1, 0, 2], 20);
  const before = structuredClone(first);
  for (const [now, delta] of [first, histogram([0, 4, 1], 17.5)].entries())
    Array.from(series.take([delta], now));
  expect(await shown()).toEqual([
    ["a", { buckets: { boundaries: [1, 5], counts: [1, 4, 3] }, count: 8, sum: 37.5 }],
  ]);
  expect(first).toEqual(before);
});

it("adds up exponential histograms by powers of two", async () => {
  const { series, shown } = cumulative();
  const value: HistogramPoint = {
    kind: "exponential",
    ...{ count: 3, sum: 2.5, scale: 0, zeroCount: 0 },
    positive: { offset: -1, bucketCounts: [2, 1] },
    negative: { offset: 0, bucketCounts: [] },
  };
  const points = [{ labels: { agent: "a" }, value }];
  const metric = {
    scope: "app",
    name: "wait",
    unit: "s",
    description: "",
    kind: "histogram",
    points,
  } as const;
  for (const now of [0, 10]) Array.from(series.take([metric], now));
  const [[, histogram]] = (await shown()) as [
    [string, { buckets: { boundaries: number[]; counts: number[] } }],
  ];
  expect(histogram).toMatchObject({ count: 6, sum: 5 });
  const { boundaries, counts } = histogram.buckets;
  expect(counts.flatMap((count, index) => (count > 0 ? [[boundaries[index], count]] : []))).toEqual([
    [1, 4],
    [2, 2],
  ]);
});

it("shows the last level, and has the type of each instrument", async () => {
  const producer = new ForecastProducer(() => 0);
  const series = new CumulativeSeries(producer, 10);
  const measured = (kind: "level" | "increment", value: number): MeasuredMetric => ({
    ...{ scope: "own", name: kind, unit: "", description: "", kind, points: [{ labels: {}, value }] },
  });
  for (const [now, value] of [7, 3].entries())
    Array.from(series.take([measured("level", value), measured("increment", value)], now));
  const { resourceMetrics } = await producer.collect();
  const shown = resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
    metrics.map((metric) => [
      metric.descriptor.name,
      "isMonotonic" in metric && metric.isMonotonic,
      metric.dataPoints[0]?.value,
    ]),
  );
  expect(shown).toEqual([
    ["level", false, 3],
    ["increment", true, 10],
  ]);
});

it.each([
  { scope: RUNTIME_SCOPE, kind: "level", isOfViews: true },
  { scope: RUNTIME_SCOPE, kind: "increment", isOfViews: true },
  { scope: TASK_SCOPE, kind: "level", isOfViews: true },
  { scope: TASK_SCOPE, kind: "increment", isOfViews: false },
  { scope: SELF_SCOPE, kind: "level", isOfViews: false },
] as const)("views publish the levels of our instruments and all of the runtime: %o", (given) => {
  const { scope, kind, isOfViews } = given;
  const metric: MeasuredMetric = { scope, kind, name: "x", unit: "", description: "", points: [] };
  expect(isPublishedByViews(metric)).toBe(isOfViews);
});

it("forgets series that have gone: they are no longer shown, and begin anew", async () => {
  const { series, take, shown } = cumulative();
  await take({ a: 1, b: 2 }, 0);
  await take({ b: 1 }, 10);
  const asked: unknown[] = [];
  atOnce(
    series.forget(({ agent }, lastHeardAt) => {
      asked.push([agent, lastHeardAt]);
      return lastHeardAt < 10;
    }),
  );
  expect(asked).toEqual([
    ["a", 0],
    ["b", 10],
  ]);
  expect(await shown()).toEqual([["b", 3]]);
  expect(await take({ a: 4 }, 20)).toEqual(
    expect.arrayContaining([
      ["a", 4],
      ["b", 3],
    ]),
  );
});

it("drops and counts series beyond its maximum, until one has gone", async () => {
  const { series, take } = cumulative(1);
  expect(await take({ a: 1, b: 2 }, 0)).toEqual([["a", 1]]);
  expect(series.takeDropped()).toEqual({ count: 1, example: { metric: "calls", labels: { agent: "b" } } });
  atOnce(series.forget(() => true));
  expect(await take({ b: 2 }, 0)).toEqual([["b", 2]]);
});
