import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { catalogueOf } from "../../../src/artifacts/catalogue/catalogue.ts";
import { forecastGauges } from "../../e2e/harness/contract-names.ts";
import { optionsFor } from "../options-for.ts";

const folder = mkdtempSync(join(tmpdir(), "otel-forecast-catalogue-"));
afterAll(() => rmSync(folder, { recursive: true }));

function configured(yaml: string): string {
  const path = join(folder, "forecast.yaml");
  writeFileSync(path, yaml);
  return path;
}

it("lists every gauge that the README names, and which belong to agents", async () => {
  const { metrics, remarks } = await catalogueOf(optionsFor());
  expect(metrics.map(({ metric }) => metric)).toEqual(expect.arrayContaining([...forecastGauges]));
  expect(new Set(metrics.map(({ metric }) => metric)).size).toBe(metrics.length);
  for (const { metric, isOfAgent } of metrics) expect(isOfAgent, metric).toBe(metric.startsWith("ai_cloud_"));
  expect(remarks).toEqual([]);
});

it("knows units, bounds and horizons", async () => {
  const { metrics } = await catalogueOf(optionsFor(undefined, { OTEL_FORECAST_HORIZONS: "30s" }));
  const p95 = metrics.find(({ metric }) => metric === "ai_cloud_latency_p95_seconds");
  expect(p95).toMatchObject({ unit: "s", bounds: { lower: 0 }, horizons: [{ label: "30s", seconds: 30 }] });
  const cpu = metrics.find(({ metric }) => metric === "system_cpu_usage_percent");
  expect(cpu).toMatchObject({ unit: "%", bounds: { lower: 0, upper: 100 } });
});

it.each([
  ["both bounds", "{ lower: 0, upper: 50 }", { lower: 0, upper: 50 }],
  ["a lower bound", "{ lower: 3 }", { lower: 3 }],
  ["an upper bound", "{ upper: 9 }", { upper: 9 }],
])("takes %s of a series from the first of its views that has any", async (_, bounds, expected) => {
  const file = configured(`
views:
  - { instrument: shop.queue, number: level, unit: "{order}", where: { queue: a } }
  - { instrument: shop.queue, number: level, unit: "{order}", bounds: ${bounds} }
`);
  const { metrics } = await catalogueOf(optionsFor(file));
  expect(metrics.find(({ metric, where }) => metric === "shop_queue" && where !== undefined)?.bounds).toEqual(
    expected,
  );
});

it("follows the namespace", async () => {
  const { metrics } = await catalogueOf(optionsFor(undefined, { OTEL_FORECAST_NAMESPACE: "shop" }));
  expect(metrics.map(({ metric }) => metric)).toContain("shop_task_success_rate");
  expect(metrics.some(({ metric }) => metric.startsWith("ai_cloud"))).toBe(false);
});

it("names metrics of an application when the file is complete, else makes a remark", async () => {
  const file = configured(`
views:
  - { instrument: shop.queue, number: level, unit: "{order}", threshold: { above: 100 } }
  - { instrument: shop.orders, number: rate, name: shop.order_rate, threshold: { below: 1 } }
  - { instrument: shop.wait, number: quantile, unit: s, threshold: { above: 2 } }
  - { instrument: shop.mystery, number: level, threshold: { above: 7 } }
  - { instrument: "shop.*", number: rate, threshold: { above: 9 } }
  - { instrument: shop.silent, number: level }
thresholds:
  shop_sales_per_second: { below: 3 }
`);
  const { metrics, remarks } = await catalogueOf(optionsFor(file));
  const found = metrics
    .filter(({ metric }) => metric.startsWith("shop_"))
    .map(({ metric, threshold, isOfAgent }) => [metric, threshold?.value, isOfAgent]);
  expect(found).toEqual([
    ["shop_queue", 100, undefined],
    ["shop_order_rate", 1, undefined],
    ["shop_wait_p95_seconds", 2, undefined],
    ["shop_sales_per_second", 3, undefined],
  ]);
  expect(remarks.map((remark) => remark.split(" has ")[0])).toEqual([
    "the view of shop.mystery",
    "the view of shop.*",
  ]);
});
