import { beforeAll, describe, expect, it } from "vitest";
import { PerformanceMonitor } from "../../src/api/performance-monitor.ts";
import { agentMetrics } from "../../src/metrics/agent-metrics.ts";
import { FORECAST_METRICS, FORECASTER_METRICS } from "../../src/metrics/forecast-metrics.ts";
import { GATEWAY_METRICS } from "../../src/metrics/gateway-metrics.ts";
import { SYSTEM_METRICS } from "../../src/metrics/system-metrics.ts";
import { prometheusName } from "../../src/prometheus/metric-name.ts";
import { defaultViews } from "../../src/views/default-views.ts";
import { counters, forecasterGauges, forecastGauges } from "../e2e/harness/contract-names.ts";
import { pageAt, readme, rows } from "./pages.ts";

const reference = pageAt("docs/metrics.md").text;

/** Names as a page has them: a histogram by its own name, predictions by the name that stands for all. */
function named(text: string): (metric: string) => boolean {
  const names = new Set([...text.matchAll(/`([a-z_]\w+|<metric>\w+)`/g)].map(([, name = ""]) => name));
  return (metric) => {
    const base = metric.replace(/_(bucket|count|sum)$/, "");
    return names.has(base) || names.has(base.replace(/^.*(?=_predicted)/, "<metric>"));
  };
}

const contract = [
  ...forecastGauges,
  ...counters,
  ...forecasterGauges,
  "forecast_time_to_threshold_seconds",
  "forecast_skipped_total",
  "forecast_series_dropped_total",
  "x_predicted",
  "x_predicted_lower",
  "x_predicted_upper",
];

it.for(["README.md", "docs/metrics.md"])("%s names every metric that users depend on", (path) => {
  const isNamed = named(pageAt(path).text);
  expect(contract.filter((metric) => !isNamed(metric))).toEqual([]);
});

it("every metric that the default views make is described", () => {
  const made = defaultViews("ai_cloud")
    .flatMap((view) => view.outputs)
    .filter(({ name }) => !name.includes("{"))
    .map(({ name, unit = "", isCounter }) =>
      prometheusName({ name, unit, type: isCounter === true ? "counter" : "gauge" }),
    );
  expect(made.length).toBeGreaterThan(20);
  expect(made.filter((metric) => !named(reference)(metric))).toEqual([]);
});

const own: [metric: string, labels: readonly string[]][] = [
  ...Object.values(SYSTEM_METRICS),
  ...Object.values(agentMetrics("ai_cloud")),
  ...Object.values(FORECAST_METRICS),
  ...Object.values(FORECASTER_METRICS),
].map((metric) => [prometheusName(metric), metric.labels]);

const ofGateway = Object.values(GATEWAY_METRICS).map(
  (metric) => [prometheusName(metric), metric.labels] as const,
);

it.for(ofGateway)("the page of the gateway has %s in a row, with the labels %o", ([metric, labels]) => {
  const row = rows(pageAt("docs/gateway.md")).find(([name]) => name === `\`${metric}\``);
  expect(row?.[1]).toBe(labels.map((label) => `\`${label}\``).join(", "));
});

it.for(own)("the reference has %s in a row, with the labels %o", ([metric, labels]) => {
  const row = rows(pageAt("docs/metrics.md")).find(([names = ""]) => names.includes(`\`${metric}\``));
  expect(row).toBeDefined();
  // The label `agent` is stated once, above the table.
  const described = labels.filter((label) => label !== "agent");
  expect(described.filter((label) => row?.[1]?.includes(`\`${label}`) !== true)).toEqual([]);
});

describe("a monitor that was told everything", () => {
  let shown: string[];

  beforeAll(async () => {
    const monitor = new PerformanceMonitor({ exporters: [] });
    const agentName = "planner";
    const failure = { agentName, failureType: "crash" };
    const recovery = { agentName, recoveryAction: "restart" };
    monitor.agent(agentName).task("plan", () => {});
    monitor.tracker.recordRetriedAttempt({ agentName, taskType: "plan" });
    monitor.tracker.startTask({ taskId: "1", agentName, taskType: "plan" });
    monitor.tracker.cancelTask({ taskId: "1", agentName });
    monitor.tracker.recordFailure({ ...failure, failureId: "1" });
    monitor.tracker.recordRecovery({ ...recovery, failureId: "1", success: false });
    monitor.tracker.recordRecovery({ ...recovery, failureId: "1", success: true });
    monitor.recordAgentMetrics({ agentName, cpuUsage: 1, memoryUsage: 1, resourceConsumption: 3 });
    monitor.recordSystemMetrics({ cpuUsage: 1, diskUsage: 1, networkIo: 1, requestRate: 1, throughput: 1 });
    await monitor.collect();
    await monitor.collect();
    const { resourceMetrics } = await monitor.metricProducer.collect();
    await monitor.shutdown();
    shown = resourceMetrics.scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .map(({ descriptor: { name, unit }, ...metric }) => {
        const isCounter = "isMonotonic" in metric && metric.isMonotonic;
        return prometheusName({ name, unit, type: isCounter ? "counter" : "gauge" });
      });
  });

  it("shows nothing that is not described", () => {
    expect(shown).toContain("ai_cloud_failed_recoveries_total");
    expect(shown.filter((metric) => !named(reference)(metric))).toEqual([]);
  });
});

it("the README and the reference say how traffic is counted", () => {
  for (const { text } of [readme, pageAt("docs/metrics.md")]) expect(text).toMatch(/tasks of its agents/);
});
