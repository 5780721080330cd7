import { expect, it } from "vitest";
import { catalogueOf } from "../../../src/artifacts/catalogue/catalogue.ts";
import { halfway, limitedMetrics } from "../../../src/artifacts/rules/limits.ts";
import { optionsFor } from "../options-for.ts";

const above = (value: number) => ({ value, direction: "above" }) as const;
const below = (value: number) => ({ value, direction: "below" }) as const;

it("has limits for percents and shares of our own, one for each pair of opposites", async () => {
  const limited = limitedMetrics(await catalogueOf(optionsFor()));
  expect(
    limited.map(({ metric, threshold }) => `${metric} ${threshold.direction} ${threshold.value}`),
  ).toEqual([
    "system_cpu_usage_percent above 90",
    "system_memory_usage_percent above 90",
    "system_disk_usage_percent above 90",
    "ai_cloud_cpu_usage_percent above 90",
    "ai_cloud_memory_usage_percent above 90",
    "system_error_rate above 0.05",
    "ai_cloud_success_rate below 0.95",
    "ai_cloud_task_success_rate below 0.95",
    "ai_cloud_heap_usage_percent above 80",
    "ai_cloud_event_loop_delay_p99_seconds above 1",
  ]);
});

it.each([
  ["disk_percent", "%", { lower: 0, upper: 100 }, above(90)],
  ["growth_percent", "%", { lower: 0 }, undefined],
  ["queue", "", { lower: 0, upper: 100 }, undefined],
  ["change_percent", "%", { lower: -100, upper: 100 }, undefined],
  ["shop_error_rate", "", { lower: 0, upper: 1 }, above(0.05)],
  ["shop_success_rate", "", { lower: 0, upper: 1 }, below(0.95)],
  ["shop_error_rate", "", { lower: 0 }, undefined],
])("the limit of %s in %j within %j is %j", async (metric, unit, bounds, threshold) => {
  const catalogue = await catalogueOf(optionsFor());
  const [one = expect.unreachable()] = catalogue.metrics;
  const given = { ...one, metric, unit, bounds, threshold: undefined };
  const limited = limitedMetrics({ ...catalogue, metrics: [given] });
  expect(limited.map((it) => it.threshold)).toEqual(threshold === undefined ? [] : [threshold]);
});

it("is halfway between the best value of a metric and its limit", () => {
  expect(halfway({ threshold: above(90), bounds: { lower: 0, upper: 100 } })).toBe(45);
  expect(halfway({ threshold: above(90), bounds: { lower: 20 } })).toBe(55);
  expect(halfway({ threshold: below(0.95), bounds: { lower: 0, upper: 1 } })).toBe(0.975);
  expect(halfway({ threshold: above(2), bounds: { lower: 0 } })).toBe(1);
});

it("is undefined without a best value, or with a limit at it or beyond it", () => {
  for (const { threshold, bounds } of [
    { threshold: above(90), bounds: {} },
    { threshold: above(90), bounds: { upper: 100 } },
    { threshold: below(5), bounds: { lower: 0 } },
    { threshold: above(0), bounds: { lower: 0 } },
    { threshold: above(15), bounds: { lower: 20 } },
    { threshold: below(1), bounds: { upper: 1 } },
    { threshold: below(1.2), bounds: { upper: 1 } },
  ])
    expect(halfway({ threshold, bounds })).toBeUndefined();
});
