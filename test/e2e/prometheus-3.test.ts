import { context, ROOT_CONTEXT, TraceFlags, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PerformanceMonitor } from "../../src/api/performance-monitor.ts";
import { eventually } from "../eventually.ts";
import { needs, prometheus3 } from "./harness/components.ts";
import { freePorts } from "./harness/free-ports.ts";
import { PrometheusServer } from "./harness/prometheus.ts";

const LEAST_SECONDS = 0.05;
/** 1000 durations over a factor of 30. */
const DURATIONS = Array.from({ length: 1000 }, (_, index) => LEAST_SECONDS * 30 ** (index / 999));
const TASK_SECONDS = "ai_cloud_task_duration_seconds";

const SPAN = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  traceFlags: TraceFlags.SAMPLED,
};

function exactQuantile(q: number): number {
  return DURATIONS[Math.ceil(q * DURATIONS.length) - 1] as number;
}

describe("a Prometheus 3 that stores native histograms", () => {
  let server: PrometheusServer | undefined;
  let monitor: PerformanceMonitor;
  let startedAt: number;

  beforeAll(async () => {
    const [port, serverPort] = (await freePorts(2)) as [number, number];
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    startedAt = Date.now() / 1000;
    monitor = new PerformanceMonitor({
      ...{ host: "127.0.0.1", port, collectionIntervalMillis: 500, classicBuckets: false },
    });
    await monitor.start();
    if (prometheus3.path === undefined) return;
    const access = { scrape_native_histograms: true };
    const targets = [{ road: "native", address: `127.0.0.1:${port}`, interval: "1s", access }];
    const flags = ["--enable-feature=created-timestamp-zero-ingestion,exemplar-storage"];
    server = new PrometheusServer(serverPort, targets, undefined, { program: prometheus3, flags });
    await server.ready();
    context.with(trace.setSpan(ROOT_CONTEXT, trace.wrapSpanContext(SPAN)), () => {
      for (const [index, executionTime] of DURATIONS.entries())
        monitor.recordTaskResult({
          ...{ taskId: `plan-${index}`, agentName: "planner", taskType: "plan", success: true },
          executionTime,
        });
    });
  });
  afterAll(async () => {
    await server?.stop();
    await monitor.shutdown();
    context.disable();
  });

  /** The value of a query that gives one series. */
  async function numberOf(query: string): Promise<number> {
    const now = Date.now() / 1000;
    const [series] = (await server?.range(query, now, now, 1)) ?? [];
    return Number(series?.samples[0]?.[1]);
  }

  it("has the quantiles of the durations of tasks within 2 %", async (context) => {
    needs(context, prometheus3);
    await eventually(async () => expect(await numberOf(`histogram_count(${TASK_SECONDS})`)).toBe(1000));
    expect(await numberOf(`histogram_sum(${TASK_SECONDS})`)).toBeCloseTo(
      DURATIONS.reduce((sum, duration) => sum + duration, 0),
      6,
    );
    for (const q of [0.01, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999]) {
      const quantile = await numberOf(`histogram_quantile(${q}, ${TASK_SECONDS})`);
      expect(Math.abs(quantile / exactQuantile(q) - 1), String(q)).toBeLessThan(0.02);
    }
  });

  it("has no classic buckets where they are left out", async (context) => {
    needs(context, prometheus3);
    await eventually(async () => expect(await numberOf(`histogram_count(${TASK_SECONDS})`)).toBe(1000));
    expect(await server?.samples(`${TASK_SECONDS}_bucket[1m]`)).toEqual([]);
  });

  it("knows when a counter began, so that what it counted before the first scrape is an increase", async (context) => {
    needs(context, prometheus3);
    await eventually(async () => {
      const [series] = (await server?.samples("ai_cloud_completed_tasks_total[1m]")) ?? [];
      expect(series?.samples.at(-1)?.[1]).toBe(1000);
      const [began, count] = series?.samples[0] ?? [];
      expect(count).toBe(0);
      expect(Math.abs((began ?? 0) - startedAt)).toBeLessThan(0.5);
    });
  });

  it("has the trace of the slowest task", async (context) => {
    needs(context, prometheus3);
    await eventually(async () => {
      const [exemplar] = await exemplarsOf(TASK_SECONDS);
      expect(exemplar?.labels).toEqual({ trace_id: SPAN.traceId, span_id: SPAN.spanId });
      expect(Number(exemplar?.value)).toBe(DURATIONS.at(-1));
    });
  });

  it("has the trace of a task that was counted", async (context) => {
    needs(context, prometheus3);
    await eventually(async () => {
      const [exemplar] = await exemplarsOf("ai_cloud_completed_tasks_total");
      expect(exemplar?.labels).toEqual({ trace_id: SPAN.traceId, span_id: SPAN.spanId });
      expect(exemplar?.value).toBe("1");
    });
  });

  /** What Prometheus has of a metric under `/api/v1/query_exemplars`. */
  async function exemplarsOf(query: string): Promise<{ labels: object; value: string }[]> {
    const range = { start: String(startedAt), end: String(Date.now() / 1000 + 1) };
    const parameters = new URLSearchParams({ query, ...range });
    const response = await fetch(`${server?.url}/api/v1/query_exemplars?${parameters}`);
    const { data } = (await response.json()) as {
      data: { exemplars: { labels: object; value: string }[] }[];
    };
    return data.flatMap(({ exemplars }) => exemplars);
  }
});
