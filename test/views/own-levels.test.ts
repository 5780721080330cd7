import { expect, it } from "vitest";
import { PerformanceMonitor } from "../../src/api/performance-monitor.ts";
import type { ForecastView } from "../../src/views/forecast-view.ts";

/**
 * The view that a configuration file gives for a level: not published, as an application's gauge is
 * already.
 */
const view: ForecastView = {
  instruments: ["ai_cloud.memory.usage_percent"],
  by: "all",
  outputs: [{ name: "{instrument}", number: "level", isPublished: false, isForecast: true }],
};

it("a level of our own stays on /metrics whatever view selects it, because nothing else publishes it", async () => {
  const monitor = new PerformanceMonitor({ exporters: [], agentName: "another", views: [view] });
  monitor.recordAgentMetrics({ agentName: "planner", memoryUsage: 42 });
  await monitor.collect();
  const { resourceMetrics } = await monitor.metricProducer.collect();
  await monitor.shutdown();
  const shown = resourceMetrics.scopeMetrics
    .flatMap(({ metrics }) => metrics)
    .find(({ descriptor }) => descriptor.name === "ai_cloud.memory.usage_percent");
  expect(shown?.dataPoints.map(({ attributes, value }) => [attributes.agent, value])).toContainEqual([
    "planner",
    42,
  ]);
});
