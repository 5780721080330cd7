import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { context, DiagLogLevel, diag, logs, metrics, propagation, trace } from "@opentelemetry/api";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { Environment } from "../../src/config/environment.ts";
import { hasGrpc } from "../../src/otel/export/grpc.ts";
import { registeredGlobal } from "../../src/otel/globals/global-api.ts";
import { ReplaceableGlobals } from "../../src/otel/globals/replaceable-globals.ts";
import { ObservedTracing } from "../../src/otel/tracing/observed-tracing.ts";
import { type OtherSignals, startOtherSignals } from "../../src/zero-code/other-signals.ts";
import { eventually } from "../eventually.ts";

vi.mock("../../src/otel/export/grpc.ts", async (original) => ({
  ...(await original<typeof import("../../src/otel/export/grpc.ts")>()),
  hasGrpc: vi.fn(() => false),
}));

const logger = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), debug: vi.fn(), verbose: vi.fn() };
const joined: unknown[] = [];
const tracing = vi.fn(() => new ObservedTracing(globals, undefined, () => {}));
let globals: ReplaceableGlobals;
let signals: OtherSignals | undefined;

beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("OTEL_")) vi.stubEnv(name, undefined);
  for (const processor of ["BSP", "BLRP"]) vi.stubEnv(`OTEL_${processor}_SCHEDULE_DELAY`, "3600000");
  diag.setLogger(logger, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true });
  joined.length = 0;
  vi.clearAllMocks();
  vi.mocked(hasGrpc).mockReturnValue(false);
  globals = new ReplaceableGlobals();
});

afterEach(async () => {
  await signals?.shutdown();
  for (const api of [trace, logs, metrics, propagation, context, diag]) api.disable();
  globals.undo();
  vi.unstubAllEnvs();
});

function start(variables: Readonly<Record<string, string>>): OtherSignals | undefined {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  signals = startOtherSignals(new Environment(), globals, tracing, (provider) => joined.push(provider));
  return signals;
}

/** The signals that are registered, by us or by the application. */
const registered = (): string[] => ["trace", "logs", "metrics"].filter((name) => registeredGlobal(name));

describe("the variables ask", () => {
  const ofBoth = { OTEL_TRACES_EXPORTER: "console", OTEL_LOGS_EXPORTER: "console" };
  const overGrpc = { ...ofBoth, OTEL_LOGS_EXPORTER: "otlp", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" };

  it.each([
    [ofBoth, ["trace", "logs"]],
    [{ OTEL_TRACES_EXPORTER: "console" }, ["trace"]],
    [{ OTEL_TRACES_EXPORTER: "console", OTEL_LOGS_EXPORTER: "none" }, ["trace"]],
    [{ OTEL_LOGS_EXPORTER: "console" }, ["logs"]],
    [{ OTEL_TRACES_EXPORTER: "none,console", OTEL_LOGS_EXPORTER: "console" }, ["logs"]],
    [overGrpc, ["trace"]],
    [{ ...ofBoth, OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }, ["trace", "logs"]],
  ])("with %j for %j", (variables, expected) => {
    expect(start(variables)).toBeDefined();
    expect(registered()).toEqual(expected);
    expect(tracing).toHaveBeenCalledOnce();
    expect(joined).toEqual([]);
  });

  it.each([{}, { OTEL_TRACES_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none" }])(
    "with %j for nothing",
    (none) => {
      expect(start(none)).toBeUndefined();
      expect(registered()).toEqual([]);
      expect(tracing).not.toHaveBeenCalled();
    },
  );

  it("for OTLP over gRPC, whose package may be missing", () => {
    const variables = { OTEL_LOGS_EXPORTER: "otlp", OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: "grpc" };
    expect(start(variables)).toBeUndefined();
    expect(logger.warn.mock.calls).toEqual([
      [expect.stringContaining("OTEL_LOGS_EXPORTER: OTLP over gRPC needs a package that is not installed")],
    ]);
    vi.mocked(hasGrpc).mockReturnValue(true);
    expect(start(variables)).toBeDefined();
    expect(registered()).toEqual(["logs"]);
  });

  it("and what the application provides already is left to it", () => {
    const theirs = new TracerProvider();
    trace.setGlobalTracerProvider(theirs);
    expect(start({ OTEL_TRACES_EXPORTER: "console" })).toBeUndefined();
    expect(start(ofBoth)).toBeDefined();
    expect(registered()).toEqual(["trace", "logs"]);
    expect(trace.getTracerProvider()).toMatchObject({ _delegate: theirs });
  });
});

it("logs on as before, and does not say that its logger was replaced", () => {
  const written = vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => written.mockRestore());
  start({ OTEL_TRACES_EXPORTER: "console", OTEL_LOG_LEVEL: "error" });
  diag.warn("not written");
  diag.error("written");
  expect(written.mock.calls.flat()).toEqual(["[error] otel-forecast: OpenTelemetry: written"]);
  expect([...logger.warn.mock.calls, ...logger.error.mock.calls]).toEqual([]);
});

/** A receiver of OTLP, and the names of spans and texts of log records that it has. */
async function receiver() {
  const sent: string[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    sent.push(
      ...Array.from(body.matchAll(/"(?:stringValue":"a |name":"a )(\w+)"/g), ([, name]) => `${name}`),
    );
    response.setHeader("content-type", "application/json").end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close().closeAllConnections());
  return { sent, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const otlp = (url: string): Record<string, string> => ({
  OTEL_TRACES_EXPORTER: "otlp",
  OTEL_LOGS_EXPORTER: "otlp",
  OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
});

function spanAndLog(number: string): void {
  trace.getTracer("app").startSpan(`a span${number}`).end();
  logs.getLogger("app").emit({ body: `a log${number}` });
}

describe("what was collected", () => {
  it("is pushed by a flush, by later ones too, and by the end, after which nothing is", async () => {
    const { sent, url } = await receiver();
    start(otlp(url));
    spanAndLog("1");
    await signals?.flush();
    expect(sent.sort()).toEqual(["log1", "span1"]);
    spanAndLog("2");
    await signals?.flush();
    expect(sent.splice(0).sort()).toEqual(["log1", "log2", "span1", "span2"]);
    spanAndLog("3");
    await signals?.shutdown();
    expect(sent.splice(0).sort()).toEqual(["log3", "span3"]);
    spanAndLog("4");
    await signals?.flush();
    await signals?.shutdown();
    expect(sent).toEqual([]);
  });

  it("is pushed as soon as the application replaces a provider, signal by signal", async () => {
    const { sent, url } = await receiver();
    start(otlp(url));
    spanAndLog("1");
    trace.setGlobalTracerProvider(new TracerProvider());
    await eventually(() => expect(sent).toEqual(["span1"]));
    const emit = vi.fn();
    logs.setGlobalLoggerProvider({ getLogger: () => ({ emit, enabled: () => true }) });
    await eventually(() => expect(sent).toEqual(["span1", "log1"]));
    spanAndLog("2");
    await signals?.flush();
    await signals?.shutdown();
    expect(sent).toEqual(["span1", "log1"]);
    expect(emit).toHaveBeenCalledOnce();
  });

  it("does not stop the others if it can't be pushed", async () => {
    const { sent, url } = await receiver();
    start(otlp(url));
    spanAndLog("1");
    const provider = registeredGlobal("logs") as { forceFlush(): unknown; shutdown(): unknown };
    const broken = () => {
      throw new Error("no");
    };
    Object.assign(provider, { forceFlush: broken, shutdown: broken });
    await signals?.flush();
    expect(sent).toEqual(["span1"]);
    spanAndLog("2");
    await signals?.shutdown();
    expect(sent).toEqual(["span1", "span2"]);
  });
});

describe("a configuration file", () => {
  const configFile = (text: string): string => {
    const folder = mkdtempSync(join(tmpdir(), "otel-forecast-signals-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "sdk.yaml");
    writeFileSync(file, `file_format: "1.0-rc.2"\n${text}`);
    return file;
  };
  const readers =
    "meter_provider: { readers: [{ periodic: { interval: 3600000, exporter: { console: {} } } }] }";
  const spans = "tracer_provider: { processors: [{ simple: { exporter: { console: {} } } }] }";

  it("has a meter provider, which is joined, and later the one of the application", async () => {
    const printed = vi.spyOn(console, "dir").mockImplementation(() => {});
    onTestFinished(() => printed.mockRestore());
    start({ OTEL_CONFIG_FILE: configFile(readers) });
    expect(joined).toEqual([registeredGlobal("metrics")]);
    expect(registered()).toEqual(["metrics"]);
    const theirs = new MeterProvider();
    expect(metrics.setGlobalMeterProvider(theirs)).toBe(true);
    expect(joined.slice(1)).toEqual([theirs]);
  });

  it("has none, and then nothing is joined", () => {
    start({ OTEL_CONFIG_FILE: configFile(spans) });
    expect(registered()).toEqual(["trace"]);
    expect(joined).toEqual([]);
  });

  it.each([
    ["trace", () => trace.setGlobalTracerProvider(new TracerProvider())],
    ["metrics", () => metrics.setGlobalMeterProvider(new MeterProvider())],
  ])("is left to an application that has registered its own %s", (name, register) => {
    register();
    expect(start({ OTEL_CONFIG_FILE: configFile(spans), OTEL_LOGS_EXPORTER: "console" })).toBeUndefined();
    expect(registered()).toEqual([name]);
    const line = "otel-forecast: OTEL_CONFIG_FILE is left to the SDK that the application started";
    expect(logger.info.mock.calls).toEqual([[line]]);
  });

  it("is used although a meter provider of ours is registered", () => {
    globals.register("metrics", { ours: new MeterProvider(), onReplaced: () => {} });
    expect(start({ OTEL_CONFIG_FILE: configFile(spans) })).toBeDefined();
    expect(registered()).toEqual(["trace", "metrics"]);
  });
});
