import { DiagLogLevel, diag } from "@opentelemetry/api";
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider } from "@opentelemetry/sdk-metrics";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  AgentMetricsCollector,
  AgentSuccessTracker,
  type ForecastOptions,
  MetricsCollector,
  PerformanceMonitor,
  PrometheusMetricsExporter,
} from "../../src/index.ts";
import { eventually } from "../eventually.ts";

const logger = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), debug: vi.fn(), verbose: vi.fn() };
const started: { shutdown(): Promise<void> }[] = [];
/** No collection comes by itself: the tests ask for each. */
const quiet: ForecastOptions = {
  port: 0,
  host: "127.0.0.1",
  collectionIntervalMillis: 3_600_000,
  method: "naive",
};
const task = { taskId: "1", agentName: "a", taskType: "t", success: true, executionTime: 2 };

beforeEach(() => {
  vi.clearAllMocks();
  diag.setLogger(logger, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true });
  for (const name of Object.keys(process.env)) if (name.startsWith("OTEL_")) vi.stubEnv(name, undefined);
});

afterEach(async () => {
  for (const it of started.splice(0).reverse()) await it.shutdown();
  diag.disable();
  vi.unstubAllEnvs();
});

function monitorOf(options: ForecastOptions = {}): PerformanceMonitor {
  const monitor = new PerformanceMonitor({ ...quiet, ...options });
  started.push(monitor);
  return monitor;
}

it("keeps the first 10,000 handles of agents", () => {
  const monitor = monitorOf();
  const first = monitor.agent("first");
  for (let agent = 1; agent < 10_000; agent += 1) monitor.agent(`agent ${agent}`);
  expect(monitor.agent("one more")).not.toBe(monitor.agent("one more"));
  expect(monitor.agent("first")).toBe(first);
});

/** The sample lines of `/metrics`, by what stands before the value. */
async function scraped(url: string | undefined): Promise<Map<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => {
      const [series = "", value] = line.split(/ (?=\S+$)/);
      return [
        series
          .replace(/,?otel_scope_\w+="[^"]*"/g, "")
          .replace(/\{,/, "{")
          .replace(/\{\}$/, ""),
        Number(value),
      ];
    }),
  );
}

/** The warnings of the package so far. */
function warned(): unknown[] {
  return logger.warn.mock.calls.map(([message]) => message);
}

const a = (name: string): string => `${name}{agent="a"}`;

describe("a call that is handed what it cannot use", () => {
  it.each([null, 5, [], { agentName: 5 }, { metricName: Symbol("m") }, { agent: "a" }])(
    "selects nothing, and is counted and logged once (%#)",
    async (filter) => {
      const monitor = monitorOf({ exporters: [] });
      monitor.recordTaskResult(task);
      await monitor.collect();
      const given = filter as never;
      for (let times = 0; times < 2; times += 1) {
        expect(monitor.getForecasts(given)).toEqual([]);
        expect(monitor.getAlerts(given)).toEqual([]);
        expect(monitor.forget(given)).toBe(0);
        monitor.maintenance(given)();
      }
      expect(monitor.getForecasts({ agentName: "a" }).length).toBeGreaterThan(0);
      expect(warned()).toHaveLength(4);
      expect(await skipped(monitor)).toMatchObject({ invalid_argument: 8 });
    },
  );

  it("runs and registers nothing", async () => {
    const monitor = monitorOf({ exporters: [] });
    expect(monitor.agent("a").task("t", 5 as never)).toBeUndefined();
    monitor.agent("a").task("t", (it) => expect(it.attempt(undefined as never)).toBeUndefined());
    monitor.registerAction("", () => {});
    monitor.registerAction("restart", 5 as never);
    monitor.maintenance({ durationMillis: -1 })();
    expect(await skipped(monitor)).toMatchObject({ invalid_argument: 5 });
    expect(monitor.getPerformanceSummary("a")).toMatchObject({ completedTasks: 1, failedTasks: 0 });
  });

  it("is passed on by no logger of the application that throws", () => {
    const fail = (): never => {
      throw new Error("full");
    };
    const monitor = monitorOf({ exporters: [] });
    diag.setLogger(
      { error: fail, warn: fail, info: fail, debug: fail, verbose: fail },
      { suppressOverrideMessage: true },
    );
    expect(monitor.forget(null as never)).toBe(0);
    monitor.recordTaskResult(null as never);
  });
});

/** The counts of `forecast_skipped_total` by reason. */
async function skipped(monitor: PerformanceMonitor): Promise<Record<string, unknown>> {
  await monitor.collect();
  const { resourceMetrics } = await monitor.metricProducer.collect();
  const metrics = resourceMetrics.scopeMetrics.flatMap((it) => it.metrics);
  const points = metrics.find(({ descriptor }) => descriptor.name === "forecast.skipped")?.dataPoints ?? [];
  return Object.fromEntries(points.map(({ attributes, value }) => [attributes.reason, value]));
}

describe("a monitor", () => {
  it("measures tasks, shows them, sums them up and forecasts them", async () => {
    const monitor = monitorOf();
    await monitor.start();
    const result = {};
    expect(monitor.agent("a").task("t", () => result)).toBe(result);
    monitor.recordTaskResult({ ...task, success: false, errorType: "E", executionTime: 0 });
    monitor.recordFailureRecovery({
      failureId: "f",
      agentName: "a",
      failureType: "crash",
      recoveryAction: "restart",
      recoveryTime: 4,
      success: true,
    });
    monitor.recordSystemMetrics({ cpuUsage: 12 });
    await monitor.collect();
    const shown = await scraped(monitor.url);
    expect(shown.get(a("ai_cloud_success_rate"))).toBe(0.5);
    expect(shown.get(a("ai_cloud_completed_tasks_total"))).toBe(1);
    expect(shown.get(a("ai_cloud_failure_recovery_time_seconds"))).toBe(4);
    expect(shown.get("system_cpu_usage_percent")).toBe(12);
    expect(monitor.getPerformanceSummary("a")).toMatchObject({
      taskSuccessRate: 0.5,
      averageRecoveryTime: 4,
    });
    expect(monitor.agentNames).toEqual(["a"]);
    expect(monitor.getForecasts({ agentName: "a", metricName: "ai_cloud_success_rate" })).toMatchObject([
      { state: "warming-up", horizonSeconds: 300 },
      { state: "warming-up", horizonSeconds: 3600 },
    ]);
  });

  it("sees the instruments of its own provider, and of a provider with its readers", async () => {
    const monitor = monitorOf();
    await monitor.start();
    monitor.meterProvider.getMeter("app").createCounter("orders").add(3);
    await monitor.collect();
    expect((await scraped(monitor.url)).get("orders_total")).toBe(3);

    const other = monitorOf();
    const provider = new MeterProvider({ readers: other.metricReaders() });
    await other.start();
    provider.getMeter("app").createCounter("sales").add(4);
    await other.collect();
    const shown = await scraped(other.url);
    expect(shown.get("sales_total")).toBe(4);
    expect(shown.has("sales_per_second")).toBe(true);
    expect(shown.has("orders_total")).toBe(false);
  });

  it("returns its readers once", () => {
    const monitor = monitorOf();
    expect(monitor.metricReaders().length).toBeGreaterThan(0);
    expect(monitor.metricReaders()).toEqual([]);
    monitor.meterProvider.getMeter("app").createCounter("c").add(1);
    expect(warned()).toEqual([
      expect.stringContaining("metricReaders: the readers of a monitor can be given to one provider only"),
      expect.stringContaining("meterProvider: the readers of a monitor can be given to one provider only"),
    ]);
  });

  it("starts once, ends once, and does not start again", async () => {
    const monitor = monitorOf();
    await Promise.all([monitor.start(), monitor.start()]);
    const { url } = monitor;
    expect((await fetch(`${url}/health`)).status).toBe(200);
    await Promise.all([monitor.shutdown(), monitor.shutdown()]);
    await expect(fetch(`${url}/health`)).rejects.toThrow();
    await monitor.shutdown();
    await monitor.start();
    expect(warned()).toEqual([expect.stringContaining("can't be started again")]);
    expect(monitor.getPerformanceSummary("a").completedTasks).toBe(0);
    expect(() => monitor.recordTaskResult(task)).not.toThrow();
  });

  it("does not listen if it is shut down while it starts", async () => {
    const monitor = monitorOf();
    const starting = monitor.start();
    const stopping = monitor.shutdown();
    await Promise.all([starting, stopping]);
    await expect(fetch(`${monitor.url}/health`)).rejects.toThrow();
  });

  it("may be shut down without a start", async () => {
    await expect(monitorOf().shutdown()).resolves.toBeUndefined();
  });

  it("has no url and no server without the prometheus exporter", async () => {
    const monitor = monitorOf({ exporters: ["none"] });
    await monitor.start();
    monitor.recordTaskResult(task);
    await monitor.collect();
    expect(monitor.url).toBeUndefined();
    expect(monitor.getPerformanceSummary("a").completedTasks).toBe(1);
  });

  it("returns the same agent for the same name", () => {
    const monitor = monitorOf();
    expect(monitor.agent("a")).toBe(monitor.agent("a"));
    expect(monitor.agent("a").name).toBe("a");
  });

  it("passes its metrics and forecasts to a reader of the application", async () => {
    const monitor = monitorOf({ exporters: ["none"] });
    monitor.recordAgentMetrics({ agentName: "a", cpuUsage: 3 });
    const { resourceMetrics } = await monitor.metricProducer.collect();
    const names = resourceMetrics.scopeMetrics.flatMap(({ metrics }) =>
      metrics.map((it) => it.descriptor.name),
    );
    expect(names).toContain("ai_cloud.cpu.usage_percent");
  });

  it.each([
    [{ port: "9091" }, "port"],
    [{ horizons: ["soon"] }, "horizons"],
    [{ ports: 1 }, "ports"],
  ])("with %o throws when it is made", (options, name) => {
    for (const Made of [PerformanceMonitor, MetricsCollector, PrometheusMetricsExporter]) {
      expect(() => new Made(options as never)).toThrow(TypeError);
      expect(() => new Made(options as never)).toThrow(`"${name}"`);
    }
  });
});

describe("two monitors on one port", () => {
  it("share the endpoint, and the second leaves it when it is shut down", async () => {
    const first = monitorOf();
    await first.start();
    const port = Number(new URL(first.url as string).port);
    const second = monitorOf({ port, namespace: "second" });
    await second.start();
    first.recordAgentMetrics({ agentName: "a", cpuUsage: 1 });
    second.recordAgentMetrics({ agentName: "a", cpuUsage: 2 });
    const both = await scraped(first.url);
    expect(both.get(a("ai_cloud_cpu_usage_percent"))).toBe(1);
    expect(both.get(a("second_cpu_usage_percent"))).toBe(2);
    expect(logger.error).not.toHaveBeenCalled();
    await second.shutdown();
    const alone = await scraped(first.url);
    expect(alone.get(a("ai_cloud_cpu_usage_percent"))).toBe(1);
    expect(alone.get(a("second_cpu_usage_percent"))).toBeUndefined();
  });

  it("pass the endpoint on to the next monitor when the one that listens ends", async () => {
    const first = monitorOf();
    await first.start();
    const { url } = first;
    const port = Number(new URL(url as string).port);
    const others = [
      monitorOf({ port, namespace: "second" }),
      monitorOf({ port, namespace: "third" }),
    ] as const;
    for (const other of others) {
      await other.start();
      other.recordAgentMetrics({ agentName: "a", cpuUsage: 2 });
    }
    await first.shutdown();
    // The connection that was kept may be found closed, once.
    const handedOn = await eventually(() => scraped(url));
    expect(handedOn.get(a("second_cpu_usage_percent"))).toBe(2);
    expect(handedOn.get(a("third_cpu_usage_percent"))).toBe(2);
    await others[0].shutdown();
    const last = await eventually(() => scraped(url));
    expect(last.get(a("second_cpu_usage_percent"))).toBeUndefined();
    expect(last.get(a("third_cpu_usage_percent"))).toBe(2);
    await others[1].shutdown();
    await expect(fetch(`${url}/health`)).rejects.toThrow();
    expect(logger.error).not.toHaveBeenCalled();
  });

  it("pass the endpoint on when the application shuts down the provider that it belongs to", async () => {
    const first = monitorOf();
    const provider = new MeterProvider({ readers: first.metricReaders() });
    await first.start();
    const { url } = first;
    const second = monitorOf({ port: Number(new URL(url as string).port), namespace: "second" });
    await second.start();
    second.recordAgentMetrics({ agentName: "a", cpuUsage: 2 });
    await provider.shutdown();
    expect((await eventually(() => scraped(url))).get(a("second_cpu_usage_percent"))).toBe(2);
  });

  it("show the instruments of the second too", async () => {
    const first = monitorOf();
    await first.start();
    const second = monitorOf({ port: Number(new URL(first.url as string).port) });
    await second.start();
    second.meterProvider.getMeter("app").createCounter("orders").add(3);
    expect((await scraped(first.url)).get("orders_total")).toBe(3);
  });

  it("both push their metrics", async () => {
    const printed = vi.spyOn(console, "dir").mockImplementation(() => {});
    const first = monitorOf();
    await first.start();
    const port = Number(new URL(first.url as string).port);
    const second = monitorOf({ port, namespace: "second", exporters: ["prometheus", "console"] });
    await second.start();
    second.recordAgentMetrics({ agentName: "a", cpuUsage: 2 });
    await second.shutdown();
    const names = printed.mock.calls.map(([metric]) => metric.descriptor.name);
    printed.mockRestore();
    expect(names).toContain("second.cpu.usage_percent");
  });
});

describe("a tracker without a monitor", () => {
  it("records into the monitor of the process, and keeps its own record without one", async () => {
    const tracker = new AgentSuccessTracker();
    tracker.recordTask(task);
    expect(tracker.calculatePerformance("a")).toMatchObject({ completedTasks: 1, latencyP50: 2 });
    const monitor = monitorOf();
    await monitor.start();
    tracker.recordTask({ ...task, agentName: "b" });
    expect(monitor.getPerformanceSummary("b").completedTasks).toBe(1);
    expect(tracker.calculatePerformance("b").completedTasks).toBe(1);
    await monitor.shutdown();
    expect(tracker.calculatePerformance("b").completedTasks).toBe(0);
    expect(tracker.calculatePerformance("a").completedTasks).toBe(1);
  });

  it("records into the monitor that still runs when the first has ended", async () => {
    const first = monitorOf();
    const second = monitorOf();
    await first.start();
    await second.start();
    await first.shutdown();
    new AgentSuccessTracker().recordTask(task);
    expect(second.getPerformanceSummary("a").completedTasks).toBe(1);
  });

  it("records all events of an agent", () => {
    const tracker = new AgentSuccessTracker();
    tracker.startTask({ taskId: "1", agentName: "a", taskType: "t" });
    expect(tracker.calculatePerformance("a").activeTasks).toBe(1);
    tracker.cancelTask({ taskId: "1", agentName: "a" });
    tracker.recordRetriedAttempt({ agentName: "a", taskType: "t" });
    tracker.recordFailure({ failureId: "f", agentName: "a", failureType: "crash" });
    tracker.recordRecovery({ failureId: "f", agentName: "a", recoveryAction: "restart", success: true });
    tracker.recordFailureRecovery({
      failureId: "g",
      agentName: "a",
      failureType: "crash",
      recoveryAction: "restart",
      recoveryTime: 1,
      success: false,
    });
    expect(tracker.calculatePerformance("a")).toMatchObject({
      activeTasks: 0,
      cancelledTasks: 1,
      failureRate: 1,
      recoveredFailures: 1,
      failedRecoveries: 1,
      openFailures: [{ failureId: "g" }],
    });
  });

  it("reports no rates for an unknown agent, and does not throw for an invalid name", () => {
    const tracker = new AgentSuccessTracker();
    const performance = tracker.calculatePerformance("nobody");
    expect(performance).toMatchObject({
      agentName: "nobody",
      completedTasks: 0,
      activeTasks: 0,
      byTaskType: {},
    });
    expect(performance).not.toHaveProperty("taskSuccessRate");
    for (const name of [undefined, null, 5n, Symbol("s")])
      expect(() => tracker.calculatePerformance(name as never)).not.toThrow();
    for (const record of [undefined, null, 5, {}])
      expect(() => tracker.recordTask(record as never)).not.toThrow();
  });
});

describe("an exporter and the collector of agent metrics", () => {
  it("show recorded metrics at once", async () => {
    const exporter = new PrometheusMetricsExporter({ ...quiet });
    started.push(exporter);
    await exporter.startServer();
    const collector = new AgentMetricsCollector(exporter);
    collector.updateAgentMetrics({
      agentName: "a",
      taskSuccessRate: 0.75,
      activeTasks: 2,
      completedTasks: 9,
    });
    exporter.updateSystemMetrics({ latencyP95: 0.2 });
    const shown = await scraped(exporter.url);
    expect(shown.get(a("ai_cloud_task_success_rate"))).toBe(0.75);
    expect(shown.get(a("ai_cloud_active_tasks"))).toBe(2);
    expect(shown.get(a("ai_cloud_completed_tasks_total"))).toBe(9);
    expect(shown.get("system_latency_p95_seconds")).toBe(0.2);
    collector.updateAgentMetrics({ agentName: "a", taskSuccessRate: 0.5 });
    expect((await scraped(exporter.url)).get(a("ai_cloud_task_success_rate"))).toBe(0.5);
    await exporter.shutdown();
    await expect(fetch(`${exporter.url}/metrics`)).rejects.toThrow();
  });

  it.each([undefined, null, {}, 5])("there is no collector without an exporter: %o", (exporter) => {
    expect(() => new AgentMetricsCollector(exporter as never)).toThrow(
      /exporter must be a PrometheusMetricsExporter/,
    );
  });
});

describe("a collector of metrics", () => {
  it("measures the system and shows what the application records", async () => {
    const collector = new MetricsCollector(quiet);
    started.push(collector);
    await collector.start();
    collector.recordAgentMetrics({ agentName: "a", latencyP50: 0.3 });
    collector.recordSystemMetrics({ requestRate: 5 });
    await collector.collect();
    const shown = await scraped(collector.url);
    expect(shown.get(a("ai_cloud_latency_p50_seconds"))).toBe(0.3);
    expect(shown.get("system_request_rate")).toBe(5);
    expect(shown.get("system_memory_usage_percent")).toBeGreaterThan(0);
    expect(collector.getForecasts({ metricName: "system_request_rate" })[0]?.state).toBe("warming-up");
  });
});

describe("a span processor of a monitor", () => {
  it("shows the agents in spans of the application's own provider", async () => {
    const monitor = monitorOf();
    await monitor.start();
    const provider = new TracerProvider({ spanProcessors: [monitor.spanProcessor()] });
    const attributes = { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "planner" };
    provider.getTracer("app").startSpan("run", { attributes }).end();
    expect(monitor.getPerformanceSummary("planner")).toMatchObject({ completedTasks: 1, failedTasks: 0 });
    await monitor.collect();
    await monitor.collect();
    const shown = await scraped(monitor.url);
    const labels = 'gen_ai_agent_name="planner",gen_ai_operation_name="invoke_agent"';
    expect(shown.get(`gen_ai_invoke_agent_duration_seconds_count{${labels}}`)).toBe(1);
  });
});

it("gives a producer in the temporality that an exporter prefers", async () => {
  const monitor = monitorOf({ exporters: [] });
  const preferring = (temporality: AggregationTemporality) =>
    monitor.metricProducerFor(new InMemoryMetricExporter(temporality));
  const producers = [AggregationTemporality.DELTA, AggregationTemporality.CUMULATIVE].map(preferring);
  const completed: unknown[] = [];
  for (const taskId of ["1", "2"]) {
    monitor.recordTaskResult({ ...task, taskId });
    await monitor.collect();
    for (const producer of producers) {
      const { resourceMetrics } = await producer.collect();
      const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
      const tasks = metrics.find(({ descriptor }) => descriptor.name === "ai_cloud.completed_tasks");
      completed.push(tasks?.dataPoints[0]?.value);
    }
  }
  expect(completed).toEqual([1, 1, 1, 2]);
});
