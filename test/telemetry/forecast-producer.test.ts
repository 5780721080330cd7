import { expect, test } from "vitest";
import { ForecastProducer, type PublishedMetric } from "../../src/telemetry/forecast-producer.ts";

const metric = (name: string): PublishedMetric => ({ name, unit: "s", description: "", type: "gauge" });

async function values(producer: ForecastProducer): Promise<Record<string, unknown[]>> {
  const { resourceMetrics } = await producer.collect();
  const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
  return Object.fromEntries(
    metrics.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints.map(({ value }) => value)]),
  );
}

test("metrics that are described alike are one, whichever object describes them", async () => {
  const producer = new ForecastProducer(() => 0);
  producer.put(metric("a"), "1", { agent: "x" }, 1);
  producer.put(metric("a"), "2", { agent: "y" }, 2);
  producer.put({ ...metric("a"), unit: "By" }, "3", {}, 3);
  const { resourceMetrics } = await producer.collect();
  const [scope] = resourceMetrics.scopeMetrics;
  expect(scope?.metrics.map(({ descriptor: { unit }, dataPoints }) => [unit, dataPoints.length])).toEqual([
    ["s", 2],
    ["By", 1],
  ]);
});

test("a metric without a point is not given out, and comes back with its next one", async () => {
  const producer = new ForecastProducer(() => 0);
  const [one, alike] = [metric("a"), metric("a")];
  producer.put(one, "1", {}, 1);
  producer.remove(alike, "1");
  expect((await producer.collect()).resourceMetrics.scopeMetrics).toEqual([]);
  producer.put(alike, "1", {}, 2);
  producer.put(one, "2", {}, 3);
  expect(await values(producer)).toEqual({ a: [2, 3] });
});

test("a point keeps the attributes object that it came with, takes the last value, and bears the time of now", async () => {
  let now = 1000;
  const producer = new ForecastProducer(() => now);
  const labels = { agent: "x" };
  const collected = async () =>
    (await producer.collect()).resourceMetrics.scopeMetrics[0]?.metrics[0]?.dataPoints[0];
  producer.put(metric("a"), "1", labels, 1);
  producer.put(metric("a"), "1", { agent: "x" }, 2);
  now = 5000;
  const point = await collected();
  expect(point).toEqual({ attributes: labels, startTime: [1, 0], endTime: [5, 0], value: 2 });
  expect(point?.attributes).toBe(labels);
  now = 400_000; // nothing was put for longer than a Prometheus looks back
  expect((await collected())?.endTime).toEqual([400, 0]);
});
