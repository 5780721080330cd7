import { DiagLogLevel, diag } from "@opentelemetry/api";
import { AlwaysOffSampler, createAlwaysRecordSampler, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TimeSeriesForecaster } from "../../src/api/time-series-forecaster.ts";
import { PerformanceMonitor } from "../../src/index.ts";
import { SkipLog } from "../../src/logging/skip-log.ts";
import { priceTable } from "../../src/measure/instruments/prices.ts";
import { OperationLog } from "../../src/observe/mcp/operation-log.ts";
import { AgentSpans } from "../../src/observe/spans/agent-spans.ts";
import { GuardedMeterProvider } from "../../src/otel/guarded-meters.ts";
import { acceptedFormats } from "../../src/prometheus/formats/page-format.ts";
import { Scraper } from "../../src/prometheus/scraper.ts";
import { WorkBench } from "../observe/bench-of-work.ts";
import { Harness } from "./harness.ts";

const SECRET = "sk-4f1e";
/** A text that the application hands over where only names and classes are expected. */
const secret = (id: number | string = ""): string => `${SECRET} ${id}`;
const unreadable = {
  get agentName(): never {
    throw new Error(secret());
  },
};

let lines: string[];
let debugLines: string[];

beforeEach(() => {
  lines = [];
  debugLines = [];
  const keep = (...line: unknown[]): void => void lines.push(line.map(shown).join(" "));
  const debug = (...line: unknown[]): void => void debugLines.push(line.map(shown).join(" "));
  diag.setLogger(
    { error: keep, warn: keep, info: keep, debug, verbose: debug },
    { logLevel: DiagLogLevel.ALL, suppressOverrideMessage: true },
  );
});

afterEach(() => {
  diag.disable();
});

function shown(part: unknown): string {
  return part instanceof Error ? `${part.stack}` : String(part);
}

/** The lines that begin with a reason, which must exist, and hold no secret. */
function linesOf(reason: string): string[] {
  expect(lines.filter((line) => line.includes(SECRET))).toEqual([]);
  const found = lines.filter((line) => line.includes(`(${reason})`));
  expect(found).not.toEqual([]);
  return found;
}

describe("a log line shows the kind of a value, not the value", () => {
  it("of names beyond their limits", () => {
    const bench = new WorkBench();
    for (let id = 0; id < 201; id += 1) bench.work.begin(secret(id)).end("success");
    expect(linesOf("max_names")).toEqual([
      expect.stringContaining('agent (text of 11 characters) is shown as "other"'),
    ]);
  });

  it("of tasks and spans that are not followed", () => {
    const bench = new WorkBench();
    for (let id = 0; id < 10_001; id += 1) bench.work.beginTask("server", secret(id));
    bench.work.skipSpan(secret());
    expect(linesOf("max_open_tasks")).toHaveLength(1);
    expect(linesOf("max_open_spans")).toHaveLength(1);
  });

  it("of spans of the application", () => {
    const bench = new WorkBench();
    const { skips } = bench.harness.pipeline;
    const spans = new AgentSpans({
      log: bench.log as never,
      skips,
      defaultAgent: () => "service",
      lostAfterMillis: 1000,
      now: bench.harness.world.now,
      elapsedMillis: bench.harness.world.elapsedMillis,
    });
    const sampler = createAlwaysRecordSampler(new AlwaysOffSampler());
    const tracer = new TracerProvider({ sampler, spanProcessors: [spans] }).getTracer("app");
    for (let id = 0; id < 20_001; id += 1) tracer.startSpan(secret(id));
    spans.onEnd({
      spanContext() {
        throw new TypeError(secret());
      },
    } as never);
    expect(linesOf("max_open_spans")).toHaveLength(1);
    expect(linesOf("unreadable")).toEqual([expect.stringContaining("span: TypeError")]);
  });

  it("of MCP requests", () => {
    const skips = new SkipLog();
    const log = new OperationLog({
      work: { beginTask: () => () => {}, isToolOpen: () => false, logOnce: () => {} },
      metrics: { mcpOperation: () => {}, mcpSession: () => {} },
      skips,
      elapsedMillis: () => 0,
    });
    const link = (): never => expect.unreachable();
    for (let id = 0; id < 10_001; id += 1)
      log.begin({ side: "client", method: secret(id), name: undefined }, undefined, link);
    expect(linesOf("max_open_requests")).toHaveLength(1);
  });

  it("of records and calls of the API", async () => {
    const monitor = new PerformanceMonitor({ exporters: [] });
    monitor.recordTaskResult(unreadable as never);
    monitor.recordAgentMetrics(unreadable as never);
    monitor.getForecasts({ horizonSeconds: secret() } as never);
    monitor.getForecasts(unreadable as never);
    monitor.maintenance({ durationMillis: secret() } as never);
    monitor.agent("a").task("t", secret() as never);
    await monitor.shutdown();
    expect(linesOf("unreadable")[0]).toContain("task: Error");
    expect(linesOf("invalid_argument").length).toBeGreaterThan(1);
  });

  it("of models without a price", () => {
    priceTable([{ model: "m", input: 1, output: 1 }], new SkipLog())(secret(), {
      input: 1,
      output: 1,
      cachedInput: 0,
    });
    expect(linesOf("no_price")[0]).toContain("a model (text of 8 characters)");
  });

  it("of series beyond the maximum", async () => {
    const harness = new Harness({ maxSeries: 10 });
    const gauge = harness.application().getMeter("app").createGauge("level");
    for (let id = 0; id < 30; id += 1) gauge.record(id, { user: secret(id) });
    await harness.ticks(2);
    expect(linesOf("max_series")).toEqual([
      expect.stringMatching(/, the first is level \{user: text of \d+ characters\}/),
    ]);
  });

  it("of series of a forecaster in code", () => {
    const forecaster = new TimeSeriesForecaster({ maxSeries: 1 });
    const point = { agentName: secret(), metricName: secret(), value: 1 };
    forecaster.addDataPoint({ ...point, timestamp: 2 });
    forecaster.addDataPoint({ ...point, timestamp: 1 });
    forecaster.addDataPoint({ ...point, metricName: secret("b") });
    forecaster.forecast({ agentName: unreadable, metricName: secret() } as never);
    forecaster.forecast(unreadable as never);
    expect(linesOf("max_series")).toHaveLength(1);
    expect(linesOf("out_of_order")).toHaveLength(1);
    expect(linesOf("invalid_argument")).toHaveLength(1);
  });
});

describe("a log line shows the class of an error of the application, not its message", () => {
  const failing = (): never => {
    throw new RangeError(secret());
  };

  it("if a callback throws while we collect", async () => {
    const harness = new Harness();
    harness.application().getMeter("app").createObservableGauge("g").addCallback(failing);
    await harness.ticks(2);
    expect(linesOf("callback_failed")).toEqual([expect.stringContaining(": RangeError.")]);
  });

  it("if it throws during a scrape", async () => {
    const harness = new Harness();
    const reader = { collect: failing };
    const scraper = new Scraper({
      readers: () => [reader, harness.pipeline.producer],
      producers: () => [],
      resource: harness.world.resource,
      timeoutMillis: 1000,
    } as never);
    await scraper.scrape({ ...acceptedFormats(undefined), clientTimeoutMillis: 1000 });
    expect(lines).toEqual([expect.stringMatching(/some metrics are missing: RangeError$/)]);
  });

  it("if an SDK can't take a call", () => {
    const skips = new SkipLog();
    const provider = new GuardedMeterProvider({ getMeter: failing } as never, skips);
    provider.getMeter("app");
    expect(linesOf("unreadable")[0]).toContain("RangeError");
  });

  it("and the level debug has all of the error", async () => {
    const harness = new Harness();
    harness.application().getMeter("app").createObservableGauge("g").addCallback(failing);
    await harness.ticks(2);
    expect(debugLines.join("\n")).toContain(secret());
  });
});
