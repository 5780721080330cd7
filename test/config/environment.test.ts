import { DiagLogLevel, diag } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Environment } from "../../src/config/environment.ts";

const warn = vi.fn();

beforeEach(() => {
  const logger = { error() {}, warn, info() {}, debug() {}, verbose() {} };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  vi.clearAllMocks();
});
afterEach(() => diag.disable());

describe("variables that are not set, or blank", () => {
  it.each([[{}], [{ OTEL_LOG_LEVEL: " ", OTEL_TRACES_EXPORTER: "", OTEL_SDK_DISABLED: "" }]])(
    "have their defaults: %o",
    (variables) => {
      const environment = new Environment(variables);
      expect(environment).toMatchObject({
        isDisabled: false,
        logLevel: "info",
        agentName: undefined,
        disabledInstrumentations: [],
        resourceDetectors: undefined,
        exportIntervalMillis: 60_000,
        exportTimeoutMillis: 30_000,
        otlpProtocol: "http/protobuf",
        otlpTimeoutMillis: undefined,
        hasSdkFile: false,
      });
      expect(environment.exportersOf("TRACES")).toEqual([]);
      expect(environment.protocolOf("LOGS")).toBeUndefined();
      expect(warn).not.toHaveBeenCalled();
    },
  );
});

describe("variables that are set", () => {
  it.each([
    ["true", true],
    [" TRUE ", true],
    ["false", false],
    ["1", false],
  ])("OTEL_SDK_DISABLED=%s turns everything off: %s", (text, isDisabled) => {
    expect(new Environment({ OTEL_SDK_DISABLED: text }).isDisabled).toBe(isDisabled);
  });

  it("are lists without blanks", () => {
    const environment = new Environment({
      OTEL_NODE_DISABLED_INSTRUMENTATIONS: " host-metrics,, runtime-node ",
      OTEL_LOGS_EXPORTER: "otlp,console",
    });
    expect(environment.disabledInstrumentations).toEqual(["host-metrics", "runtime-node"]);
    expect(environment.exportersOf("LOGS")).toEqual(["otlp", "console"]);
  });

  it("use the protocol of a signal before the protocol of all signals", () => {
    const environment = new Environment({
      OTEL_EXPORTER_OTLP_PROTOCOL: "grpc",
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "http/json",
    });
    expect(environment.protocolOf("TRACES")).toBe("http/json");
    expect(environment.protocolOf("LOGS")).toBe("grpc");
    expect(environment.otlpProtocol).toBe("grpc");
  });
});

describe("variables without an effect", () => {
  it.each([
    [{ OTEL_SDK_DISABLED: "1" }, 'OTEL_SDK_DISABLED must be true or false, got "1"; using false instead'],
    [
      { OTEL_LOG_LEVEL: "warning" },
      'OTEL_LOG_LEVEL must be one of none, error, warn, info, debug, verbose, all, got "warning"; using info instead',
    ],
  ])("%o is reported", (variables, line) => {
    new Environment(variables).reportWrong();
    expect(warn.mock.calls.flat()).toEqual([`otel-forecast: ${line}`]);
  });

  it.each([{}, { OTEL_SDK_DISABLED: "False", OTEL_LOG_LEVEL: " WARN " }, { OTEL_LOG_LEVEL: "all" }])(
    "%o is not",
    (variables) => {
      new Environment(variables).reportWrong();
      expect(warn).not.toHaveBeenCalled();
    },
  );
});

it.each(["http/json ", " HTTP/JSON"])("a protocol is read in any case, and without spaces: %j", (text) => {
  expect(new Environment({ OTEL_EXPORTER_OTLP_PROTOCOL: text }).otlpProtocol).toBe("http/json");
  expect(warn).not.toHaveBeenCalled();
});
