import { describe, expect, it } from "vitest";
import {
  agentMetrics,
  eventLoopDelays,
  runCalls,
  type ScalabilityKey,
  scalabilityMetrics,
} from "../../src/metrics/agent-metrics.ts";
import {
  FORECAST_METRICS,
  FORECASTER_METRICS,
  INTERVAL_LEVEL,
  INTERVAL_LEVEL_LABEL,
  predictedMetrics,
} from "../../src/metrics/forecast-metrics.ts";
import { GATEWAY_METRICS } from "../../src/metrics/gateway-metrics.ts";
import { ownInstruments } from "../../src/metrics/own-instruments.ts";
import { counter, gauge, histogram, type OwnMetric } from "../../src/metrics/own-metric.ts";
import { agentFields, levelMetrics, SYSTEM_FIELDS } from "../../src/metrics/recorded-fields.ts";
import { SYSTEM_METRICS } from "../../src/metrics/system-metrics.ts";

/** `name: type in unit by labels` of each metric, by its key. */
function tableOf(metrics: Readonly<Record<string, OwnMetric>>): string[] {
  return Object.entries(metrics).map(
    ([key, { name, type, unit, labels }]) =>
      `${key} is ${name}: ${type} in "${unit}" by ${labels.join(", ")}`,
  );
}

// What is published, by name, type, unit and labels: who changes one changes what users see.
describe("our metrics", () => {
  it.each<[string, Readonly<Record<string, OwnMetric>>]>([
    ["the system", SYSTEM_METRICS],
    ["agents", agentMetrics("ai")],
    ["the event loop", { delays: eventLoopDelays("ai") }],
    ["runs", runCalls("ai")],
    ["each forecast", FORECAST_METRICS],
    ["the forecaster", FORECASTER_METRICS],
    ["a prediction", { ...predictedMetrics("x_seconds") }],
    ["a gateway", GATEWAY_METRICS],
  ])("of %s", (_, metrics) => {
    expect(tableOf(metrics)).toMatchSnapshot();
  });

  it.each<[ScalabilityKey, string]>([
    ["contention", "contention"],
    ["coherence", "coherence"],
    ["peakConcurrency", "peak_concurrency"],
  ])("of the scalability: %s", (key, name) => {
    const metrics = scalabilityMetrics("ai", key);
    expect(tableOf(metrics)).toEqual([
      `value is ai.scalability.${name}: gauge in "" by agent`,
      `lower is ai.scalability.${name}_lower: gauge in "" by agent, level`,
      `upper is ai.scalability.${name}_upper: gauge in "" by agent, level`,
    ]);
    expect(new Set(Object.values(metrics).map(({ description }) => description)).size).toBe(3);
  });

  it("have intervals of 80 %", () => {
    expect([INTERVAL_LEVEL, INTERVAL_LEVEL_LABEL]).toEqual([0.8, "0.8"]);
  });

  it("have neither unit nor labels unless they are given", () => {
    const made = [gauge, counter, histogram].map((make) => make("a.b", { description: "What it is" }));
    const of = (type: string) => ({ name: "a.b", unit: "", type, labels: [], description: "What it is" });
    expect(made).toEqual([of("gauge"), of("counter"), of("histogram")]);
  });
});

describe("what an application records", () => {
  const highestOf = (fields: Readonly<Record<string, { highest: number }>>) =>
    Object.entries(fields).map(([name, { highest }]) => `${name} up to ${highest}`);

  it("has a highest value where it is a percentage or a share", () => {
    expect(highestOf(SYSTEM_FIELDS)).toEqual([
      "cpuUsage up to 100",
      "memoryUsage up to 100",
      "diskUsage up to 100",
      "networkIo up to Infinity",
      "latencyP50 up to Infinity",
      "latencyP95 up to Infinity",
      "latencyP99 up to Infinity",
      "errorRate up to 1",
      "requestRate up to Infinity",
      "throughput up to Infinity",
    ]);
    expect(highestOf(agentFields("ai"))).toEqual([
      "cpuUsage up to 100",
      "memoryUsage up to 100",
      "successRate up to 1",
      "failureRate up to 1",
      "latencyP50 up to Infinity",
      "latencyP95 up to Infinity",
      "latencyP99 up to Infinity",
      "taskSuccessRate up to 1",
      "failureRecoveryTime up to Infinity",
      "resourceConsumption up to Infinity",
      "activeTasks up to Infinity",
      "completedTasks up to Infinity",
      "failedTasks up to Infinity",
    ]);
  });

  it("is recorded as the metric of its name", () => {
    const [system, agents] = [SYSTEM_METRICS, agentMetrics("ai")];
    for (const [name, { metric }] of Object.entries(SYSTEM_FIELDS))
      expect(metric).toEqual((system as Record<string, OwnMetric>)[name]);
    for (const [name, { metric }] of Object.entries(agentFields("ai")))
      expect(metric).toEqual((agents as Record<string, OwnMetric>)[name]);
    const own = ["openFailures", "heapUsage"] as const;
    const fields = [SYSTEM_FIELDS, agentFields("ai")].flatMap((all) => Object.values(all));
    expect(levelMetrics("ai")).toEqual([
      ...fields.map(({ metric }) => metric),
      ...own.map((key) => agents[key]),
    ]);
  });
});

it("our instruments are those that are measured: of the kind and with the attributes that a view sees", () => {
  const table = ownInstruments("ai").map(
    ({ name, unit, kind, attributes }) => `${name}: ${kind} in "${unit}" by ${attributes.join(", ")}`,
  );
  expect(table).toMatchSnapshot();
});
