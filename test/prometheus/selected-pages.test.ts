import { afterEach, expect, it } from "vitest";
import { ForecastProducer } from "../../src/otel/forecast-producer.ts";
import { labelName } from "../../src/prometheus/label-texts.ts";
import { DEFAULT_NAMING } from "../../src/prometheus/names/naming.ts";
import { PrometheusEndpoint } from "../../src/prometheus/prometheus-endpoint.ts";
import { selectedPoints } from "../../src/prometheus/selected-points.ts";
import { selectorsTest } from "../../src/status/series-selector.ts";
import { gauge as gaugeOf, resourceMetrics } from "./metric-data.ts";

let endpoint: PrometheusEndpoint | undefined;

afterEach(() => endpoint?.shutdown());

async function page(query: string): Promise<{ status: number; lines: string[] }> {
  const producer = new ForecastProducer(Date.now);
  const gauge = (name: string, unit = "") => ({ name, unit, description: "", type: "gauge" }) as const;
  producer.series(gauge("queue.size"), { "app.name": "a" }).put(1);
  producer.series(gauge("queue.size"), { "app.name": "b" }).put(2);
  producer.series(gauge("latency", "s"), {}).put(3);
  endpoint = new PrometheusEndpoint({
    host: "127.0.0.1",
    port: 0,
    metricProducers: [producer],
    selectorsTest,
  });
  await endpoint.start();
  const response = await fetch(`http://127.0.0.1:${endpoint.port}/metrics?${query}`);
  const lines = (await response.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return { status: response.status, lines };
}

const select = (...selectors: string[]): string =>
  String(new URLSearchParams(selectors.map((selector): [string, string] => ["match[]", selector])));

it.each([
  [["queue_size"], ['queue_size{app_name="a"} 1', 'queue_size{app_name="b"} 2']],
  [
    ['{app_name="b"}', "latency_seconds"],
    ['queue_size{app_name="b"} 2', "latency_seconds 3"],
  ],
  [['{__name__=~"l.*"}'], ["latency_seconds 3"]],
  [["none"], []],
])("%j gives a page of these series", async (selectors, lines) => {
  expect(await page(select(...selectors))).toEqual({ status: 200, lines });
});

it("without a selector everything is on the page", async () => {
  const { lines } = await page("");
  expect(lines.filter((line) => !line.startsWith("target_info"))).toHaveLength(3);
});

it("a selector that can't be read is answered 400 with the reason", async () => {
  const { status, lines } = await page(select("queue_size{"));
  expect({ status, lines }).toEqual({
    status: 400,
    lines: ['the selector "queue_size{" must be like name{label="value",other=~"a|b"}'],
  });
});

it("pauses while it looks for the series, and makes labels only where a condition is on one", () => {
  const count = 1000;
  const points = Array.from({ length: count }, (_, id) => [{ id: `${id}` }, id] as const);
  const metrics = [resourceMetrics({ app: [gaugeOf("large", ...points), gaugeOf("other", ...points)] })];
  const named: string[] = [];
  const label = (key: string): string => {
    named.push(key);
    return labelName(key);
  };
  const selecting = selectedPoints(metrics, selectorsTest(['other{id=~"1.*"}']), {
    ...DEFAULT_NAMING,
    label,
  });
  let pauses = 0;
  let step = selecting.next();
  for (; step.done !== true; step = selecting.next()) pauses += 1;
  expect(pauses).toBeGreaterThan((2 * count) / 50);
  expect(named.length).toBe(count);
  const selected = step.value.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
  expect(selected.map(({ dataPoints }) => dataPoints.length)).toEqual([0, 111]);
});
