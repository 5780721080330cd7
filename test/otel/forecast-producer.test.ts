import { expect, test } from "vitest";
import { ForecastProducer, type PublishedMetric } from "../../src/otel/forecast-producer.ts";

const metric = (name: string): PublishedMetric => ({ name, unit: "s", description: "", type: "gauge" });

async function metricsOf(producer: ForecastProducer) {
  const { resourceMetrics } = await producer.collect();
  return resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
}

async function valuesOf(producer: ForecastProducer): Promise<unknown[][]> {
  return (await metricsOf(producer)).map(({ dataPoints }) => dataPoints.map(({ value }) => value));
}

test("metrics that are described alike are one, whichever object describes them", async () => {
  const producer = new ForecastProducer(() => 0);
  producer.series(metric("a"), { agent: "x" }).put(1);
  producer.series(metric("a"), { agent: "y" }).put(2);
  producer.series({ ...metric("a"), unit: "By" }, {}).put(3);
  const metrics = await metricsOf(producer);
  expect(metrics.map(({ descriptor }) => descriptor.unit)).toEqual(["s", "By"]);
  expect(await valuesOf(producer)).toEqual([[1, 2], [3]]);
});

test("a series is shown from when it has a value until it is taken away, and then again", async () => {
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

test("a point bears the time of now, keeps its attributes object, and its value as it was handed out", async () => {
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
  now = 400_000; // nothing was put for longer than a Prometheus looks back
  expect((await collected())?.endTime).toEqual([400, 0]);
  series.put(3);
  expect(point?.value).toBe(2);
});
