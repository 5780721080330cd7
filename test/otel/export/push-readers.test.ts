import { createRequire } from "node:module";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { ExportResultCode } from "@opentelemetry/core";
import {
  MeterProvider,
  type MetricProducer,
  type MetricReader,
  type PushMetricExporter,
} from "@opentelemetry/sdk-metrics";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Environment } from "../../../src/config/environment.ts";
import { pushReaders } from "../../../src/otel/export/push-readers.ts";
import { ForecastProducer } from "../../../src/otel/forecast-producer.ts";

// By `require`, as they are loaded: the package has another copy of each class for `import`.
const load = createRequire(import.meta.url);
const { OTLPMetricExporter: JsonExporter } = load("@opentelemetry/exporter-metrics-otlp-http");
const { OTLPMetricExporter: GrpcExporter } = load("@opentelemetry/exporter-metrics-otlp-grpc");
const { OTLPMetricExporter: ProtoExporter } = load("@opentelemetry/exporter-metrics-otlp-proto");
const logger = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), debug: vi.fn(), verbose: vi.fn() };
const readers: MetricReader[] = [];

beforeEach(() => {
  vi.clearAllMocks();
  diag.setLogger(logger, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true });
  for (const name of Object.keys(process.env)) if (name.startsWith("OTEL_")) vi.stubEnv(name, undefined);
});

afterEach(async () => {
  await Promise.all(readers.splice(0).map((reader) => reader.shutdown()));
  vi.unstubAllEnvs();
  diag.disable();
});

/** What the SDK has no public name for. */
interface Internals {
  readonly _exporter: object;
  readonly _exportInterval: number;
  readonly _exportTimeout: number;
}

function made(exporters: readonly string[], env: Record<string, string> = {}): Internals[] {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const created = pushReaders(exporters, [], new Environment());
  readers.push(...created);
  return created as unknown as Internals[];
}

const logged = (): string[] => logger.warn.mock.calls.map(([line]) => String(line));

describe("readers that push", () => {
  it("are one per exporter that pushes, in order", () => {
    expect(made(["prometheus"])).toEqual([]);
    expect(made([])).toEqual([]);
    const both = made(["console", "prometheus", "otlp"]);
    expect(both.map(({ _exporter }) => _exporter.constructor.name)).toEqual([
      "ConsoleMetricExporter",
      "OtlpExporter",
    ]);
  });

  it.each([
    [{}, ProtoExporter],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf" }, ProtoExporter],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" }, JsonExporter],
    [
      { OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf", OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: "http/json" },
      JsonExporter,
    ],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: " " }, ProtoExporter],
  ])("speak the protocol of %o", (env, Exporter) => {
    const [reader] = made(["otlp"], env);
    expect(reader?._exporter).toBeInstanceOf(Exporter);
    expect(logged()).toEqual([]);
  });

  it("speak gRPC", () => {
    const [reader] = made(["otlp"], { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" });
    expect(reader?._exporter).toBeInstanceOf(GrpcExporter);
  });

  it.each(["OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL"])(
    "speak the default protocol and log one line if %s is not a protocol",
    (name) => {
      const [reader] = made(["otlp"], { [name]: "smoke/signals" });
      expect(reader?._exporter).toBeInstanceOf(ProtoExporter);
      expect(logged()).toHaveLength(1);
      expect(logged()[0]).toContain(`${name} must be one of grpc, http/json, http/protobuf`);
      expect(logged()[0]).toContain('got "smoke/signals"; using http/protobuf instead');
    },
  );
});

describe("what our producers hold", () => {
  it.each([
    ["cumulative", [5, 8]],
    ["delta", [5, 3]],
    ["lowmemory", [5, 3]],
  ] as const)("is pushed with the preference %s", async (preference, expected) => {
    vi.stubEnv("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", preference);
    const producer = new ForecastProducer(Date.now);
    const producers: MetricProducer[] = [];
    const [reader] = pushReaders(["otlp"], producers, new Environment());
    new MeterProvider({ readers: [reader as MetricReader] });
    readers.push(reader as MetricReader);
    vi.spyOn((reader as unknown as { _exporter: PushMetricExporter })._exporter, "export").mockImplementation(
      (_, done) => done({ code: ExportResultCode.SUCCESS }),
    );
    // Producers that come later are pushed too.
    producers.push(producer);
    const tasks = producer.series({ name: "tasks", unit: "", description: "", type: "counter" }, {});
    const seen: unknown[] = [];
    for (const total of [5, 8]) {
      tasks.put(total);
      const { resourceMetrics } = await (reader as MetricReader).collect();
      const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
      seen.push(...metrics.flatMap(({ dataPoints }) => dataPoints.map(({ value }) => value)));
    }
    expect(seen).toEqual(expected);
  });
});

describe("an exporter whose variables are invalid", () => {
  it("is left out, and one line is logged", () => {
    const env = { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc", OTEL_EXPORTER_OTLP_ENDPOINT: "not a url" };
    expect(made(["otlp", "console"], env)).toHaveLength(1);
    expect(logged()).toEqual([
      expect.stringMatching(/otlp cannot be used .*Invalid URL.*it pushes nothing$/),
    ]);
  });
});

describe("the interval of pushes", () => {
  it("is that of the variables", () => {
    const [reader] = made(["console"], {
      OTEL_METRIC_EXPORT_INTERVAL: "1000",
      OTEL_METRIC_EXPORT_TIMEOUT: "500",
    });
    expect(reader).toMatchObject({ _exportInterval: 1000, _exportTimeout: 500 });
  });

  it("is a minute by default, and the timeout is at most the interval", () => {
    expect(made(["console"])[0]).toMatchObject({ _exportInterval: 60_000, _exportTimeout: 30_000 });
    const [short] = made(["console"], { OTEL_METRIC_EXPORT_INTERVAL: "1000" });
    expect(short).toMatchObject({ _exportInterval: 1000, _exportTimeout: 1000 });
  });

  it.each([
    ["OTEL_METRIC_EXPORT_INTERVAL", "0", "60000"],
    ["OTEL_METRIC_EXPORT_INTERVAL", "-5", "60000"],
    ["OTEL_METRIC_EXPORT_INTERVAL", "soon", "60000"],
    ["OTEL_METRIC_EXPORT_INTERVAL", "Infinity", "60000"],
    ["OTEL_METRIC_EXPORT_INTERVAL", "2147483648", "60000"],
    ["OTEL_METRIC_EXPORT_TIMEOUT", "0", "30000"],
    ["OTEL_METRIC_EXPORT_TIMEOUT", "late", "30000"],
  ])("%s=%s is logged in one line for all readers", (name, value, used) => {
    const both = made(["console", "otlp"], { [name]: value });
    for (const reader of both)
      expect(reader).toMatchObject({ _exportInterval: 60_000, _exportTimeout: 30_000 });
    expect(logged()).toHaveLength(1);
    expect(logged()[0]).toContain(`${name} must be a number of milliseconds above 0`);
    expect(logged()[0]).toContain(`got "${value}"; using ${used} instead`);
  });

  it("is not checked if nothing pushes", () => {
    made(["prometheus"], { OTEL_METRIC_EXPORT_INTERVAL: "soon" });
    expect(logged()).toEqual([]);
  });
});

describe("variables that OpenTelemetry reads itself", () => {
  it.each([
    "localhost:4318",
    "127.0.0.1:4318",
    '"http://localhost:4318"',
    " http://localhost:4318",
    "ftp://x",
  ])("an endpoint that is no address of HTTP is named: %j", (endpoint) => {
    expect(made(["otlp"], { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })).toEqual([]);
    expect(logged()).toEqual([
      `otel-forecast: OTEL_METRICS_EXPORTER: otlp cannot be used with its variables (OTEL_EXPORTER_OTLP_ENDPOINT must be an address that begins with http:// or https://, got ${JSON.stringify(endpoint)}); it pushes nothing`,
    ]);
  });

  it("the endpoint of metrics comes before that of all signals, and gRPC needs no scheme", () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: "localhost:4318" };
    expect(
      made(["otlp"], { ...env, OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: "http://localhost:4318/m" }),
    ).toHaveLength(1);
    expect(
      made(["otlp"], {
        ...env,
        OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: "",
        OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
      }),
    ).toHaveLength(1);
    expect(logged()).toEqual([]);
  });

  it("headers that are no pairs are reported by their place, without their text", () => {
    made(["otlp"], { OTEL_EXPORTER_OTLP_HEADERS: "x-key=a=b,authorization: Bearer s3cret,=z," });
    expect(logged()).toEqual([
      "otel-forecast: OTEL_EXPORTER_OTLP_HEADERS: pair 2 is not like NAME=VALUE; it is left out",
      "otel-forecast: OTEL_EXPORTER_OTLP_HEADERS: pair 3 is not like NAME=VALUE; it is left out",
    ]);
  });
});
