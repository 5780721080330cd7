import {
  AggregationTemporality,
  InMemoryMetricExporter,
  InstrumentType,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { expect, it } from "vitest";
import { joinProducer } from "../../../src/otel/export/foreign-provider.ts";
import { PreferredTemporality } from "../../../src/otel/export/preferred-temporality.ts";
import { ForecastProducer } from "../../../src/otel/forecast-producer.ts";
import type { PublishedMetric } from "../../../src/otel/published-metric.ts";

const { CUMULATIVE, DELTA } = AggregationTemporality;

/** As the specification has it for the preference `delta`. */
const delta = (type: InstrumentType): AggregationTemporality =>
  [InstrumentType.UP_DOWN_COUNTER, InstrumentType.OBSERVABLE_UP_DOWN_COUNTER].includes(type)
    ? CUMULATIVE
    : DELTA;

function metric(type: PublishedMetric["type"]): PublishedMetric {
  return { name: `a.${type}`, unit: "", description: "", type };
}

function histogram(...counts: number[]) {
  const count = counts.reduce((sum, one) => sum + one, 0);
  return { buckets: { boundaries: [1, 2], counts }, count, sum: 2 * count };
}

/** A producer whose clock is set by hand, and what a reader sees of it. */
function produced(select = delta) {
  let seconds = 100;
  const producer = new ForecastProducer(() => seconds * 1000);
  const preferred = new PreferredTemporality([producer], select);
  const collectAt = async (at: number) => {
    seconds = at;
    const { resourceMetrics } = await preferred.collect();
    return resourceMetrics.scopeMetrics.flatMap(({ metrics }) => metrics.map(shown));
  };
  return { producer, collectAt };
}

function shown({ descriptor, aggregationTemporality, dataPoints }: MetricData) {
  const points = dataPoints.map(({ startTime, endTime, value }) => [startTime[0], endTime[0], value]);
  return [descriptor.name, aggregationTemporality, points];
}

it("hands on what was counted since the last collection, with the times of both", async () => {
  const { producer, collectAt } = produced();
  const tasks = producer.series(metric("counter"), { agent: "a" });
  tasks.put(5);
  expect(await collectAt(110)).toEqual([["a.counter", DELTA, [[100, 110, 5]]]]);
  tasks.put(12);
  expect(await collectAt(120)).toEqual([["a.counter", DELTA, [[110, 120, 7]]]]);
});

it("hands on nothing of a series that counted nothing", async () => {
  const { producer, collectAt } = produced();
  const [busy, idle] = ["busy", "idle"].map((agent) => producer.series(metric("counter"), { agent }));
  busy?.put(1);
  idle?.put(0);
  expect(await collectAt(110)).toEqual([
    [
      "a.counter",
      DELTA,
      [
        [100, 110, 1],
        [100, 110, 0],
      ],
    ],
  ]);
  busy?.put(3);
  expect(await collectAt(120)).toEqual([["a.counter", DELTA, [[110, 120, 2]]]]);
  expect(await collectAt(130)).toEqual([]);
  busy?.put(4);
  expect(await collectAt(140)).toEqual([["a.counter", DELTA, [[130, 140, 1]]]]);
});

it("hands on the buckets, the count and the sum of a histogram since the last collection", async () => {
  const { producer, collectAt } = produced();
  const durations = producer.series(metric("histogram"), {});
  durations.put(histogram(1, 0, 2));
  await collectAt(110);
  expect(await collectAt(120)).toEqual([]);
  durations.put(histogram(1, 3, 3));
  expect(await collectAt(130)).toEqual([
    [
      "a.histogram",
      DELTA,
      [[120, 130, { buckets: { boundaries: [1, 2], counts: [0, 3, 1] }, count: 4, sum: 8 }]],
    ],
  ]);
});

it("takes a total that fell, or left and came back, as one that began again", async () => {
  const { producer, collectAt } = produced();
  const [counter, durations] = [metric("counter"), metric("histogram")].map((it) => producer.series(it, {}));
  counter?.put(9);
  durations?.put(histogram(5, 5, 5));
  await collectAt(110);
  counter?.put(2);
  durations?.put(histogram(1, 15, 0));
  expect(await collectAt(120)).toEqual([
    ["a.counter", DELTA, [[110, 120, 2]]],
    ["a.histogram", DELTA, [[110, 120, histogram(1, 15, 0)]]],
  ]);
  counter?.remove();
  await collectAt(130);
  counter?.put(3);
  expect(await collectAt(140)).toMatchObject([["a.counter", DELTA, [[130, 140, 3]]]]);
});

it("hands on by how much a level fell to an exporter that prefers changes of levels too", async () => {
  const { producer, collectAt } = produced(() => DELTA);
  const level = producer.series(metric("up-down-counter"), {});
  level.put(5);
  await collectAt(110);
  level.put(3);
  expect(await collectAt(120)).toEqual([["a.up-down-counter", DELTA, [[110, 120, -2]]]]);
});

it("keeps gauges and levels as they are, and all metrics for an exporter that prefers totals", async () => {
  const kinds = ["gauge", "up-down-counter", "counter", "histogram"] as const;
  const put = (producer: ForecastProducer): void => {
    for (const kind of kinds)
      producer.series(metric(kind), {}).put(kind === "histogram" ? histogram(1, 1, 1) : 4);
  };
  const ofDelta = produced();
  put(ofDelta.producer);
  await ofDelta.collectAt(110);
  expect(await ofDelta.collectAt(120)).toEqual([
    ["a.gauge", CUMULATIVE, [[100, 120, 4]]],
    ["a.up-down-counter", CUMULATIVE, [[100, 120, 4]]],
  ]);
  const ofTotals = produced(() => CUMULATIVE);
  put(ofTotals.producer);
  await ofTotals.collectAt(110);
  expect((await ofTotals.collectAt(120)).map(([name, temporality]) => [name, temporality])).toEqual(
    kinds.map((kind) => [`a.${kind}`, CUMULATIVE]),
  );
});

it("gives each exporter of the application's provider its own preference", async () => {
  const exporters = [DELTA, CUMULATIVE].map((it) => new InMemoryMetricExporter(it));
  const readers = exporters.map(
    (exporter) => new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 31 - 1 }),
  );
  const provider = new MeterProvider({ readers });
  const producer = new ForecastProducer(Date.now);
  expect([joinProducer(provider, producer), joinProducer(provider, producer)]).toEqual([2, 0]);
  const tasks = producer.series(metric("counter"), {});
  const seen: unknown[] = [];
  for (const total of [5, 8]) {
    tasks.put(total);
    for (const reader of readers) await reader.forceFlush();
    for (const exporter of exporters) {
      const metrics =
        exporter
          .getMetrics()
          .at(-1)
          ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
      seen.push(metrics.map((it) => [it.aggregationTemporality, it.dataPoints[0]?.value]));
    }
  }
  await provider.shutdown();
  expect(seen).toEqual([[[DELTA, 5]], [[CUMULATIVE, 5]], [[DELTA, 3]], [[CUMULATIVE, 8]]]);
});
