import {
  context,
  createNoopLogger,
  DiagLogLevel,
  diag,
  logs,
  metrics,
  propagation,
  ROOT_CONTEXT,
  trace,
} from "@opentelemetry/api";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import * as api19 from "opentelemetry-api-1.9";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ReplaceableGlobals } from "../../../src/otel/globals/replaceable-globals.ts";

const logger = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), debug: vi.fn(), verbose: vi.fn() };
const onReplaced = vi.fn();
let globals: ReplaceableGlobals | undefined;

beforeEach(() => {
  vi.clearAllMocks();
  diag.setLogger(logger, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true });
});

afterEach(() => {
  globals?.undo();
  globals = undefined;
  for (const api of [metrics, trace, context, propagation, logs, diag]) api.disable();
  // As in a process without any registration.
  delete (globalThis as unknown as Record<symbol, unknown>)[Symbol.for("opentelemetry.js.api.1")];
});

function registered(): MeterProvider {
  const ours = new MeterProvider();
  globals = new ReplaceableGlobals();
  expect(globals.register("metrics", { ours, onReplaced, isRestored: true })).toBe(true);
  expect(metrics.getMeterProvider()).toBe(ours);
  return ours;
}

describe("an application that registers a meter provider after ours", () => {
  it("replaces ours without an error, and we are called back once", () => {
    registered();
    const theirs = new MeterProvider();
    expect(metrics.setGlobalMeterProvider(theirs)).toBe(true);
    expect(metrics.getMeterProvider()).toBe(theirs);
    expect(onReplaced.mock.calls).toEqual([[theirs]]);
    expect(logger.error).not.toHaveBeenCalled();
  });

  it("replaces ours also if it deletes the global object first", () => {
    registered();
    metrics.disable();
    expect(Reflect.deleteProperty(globalThis, Symbol.for("opentelemetry.js.api.1"))).toBe(true);
    const theirs = new MeterProvider();
    expect(metrics.setGlobalMeterProvider(theirs)).toBe(true);
    expect(api19.metrics.getMeterProvider()).toBe(theirs);
    expect(onReplaced.mock.calls).toEqual([[theirs]]);
    globals?.undo();
    expect(Reflect.deleteProperty(globalThis, Symbol.for("opentelemetry.js.api.1"))).toBe(true);
    expect(metrics.getMeterProvider()).not.toBe(theirs);
  });

  it("cannot register a second one, as without us", () => {
    registered();
    const theirs = new MeterProvider();
    metrics.setGlobalMeterProvider(theirs);
    expect(metrics.setGlobalMeterProvider(new MeterProvider())).toBe(false);
    expect(metrics.getMeterProvider()).toBe(theirs);
    expect(onReplaced).toHaveBeenCalledTimes(1);
    expect(logger.error).toHaveBeenCalledTimes(1);
  });

  it("can unregister it: ours is restored, and can be replaced again", () => {
    const ours = registered();
    metrics.setGlobalMeterProvider(new MeterProvider());
    metrics.disable();
    expect(metrics.getMeterProvider()).toBe(ours);
    const another = new MeterProvider();
    expect(metrics.setGlobalMeterProvider(another)).toBe(true);
    expect(metrics.getMeterProvider()).toBe(another);
    expect(onReplaced).toHaveBeenCalledTimes(2);
  });

  it("can register ours again, which replaces nothing", () => {
    const ours = registered();
    metrics.setGlobalMeterProvider(ours);
    expect(metrics.getMeterProvider()).toBe(ours);
    expect(onReplaced).not.toHaveBeenCalled();
  });
});

describe("registrations of other signals", () => {
  it("work as without us: the first is accepted, the second is refused", () => {
    registered();
    const tracers = { getTracer: () => trace.getTracer("x") };
    expect(trace.setGlobalTracerProvider(tracers)).toBe(true);
    expect(trace.setGlobalTracerProvider({ ...tracers })).toBe(false);
    const contexts = {
      active: () => ROOT_CONTEXT,
      with: (_: unknown, fn: () => unknown) => fn(),
      bind: (_: unknown, it: unknown) => it,
      enable: () => contexts,
      disable: () => contexts,
    };
    expect(context.setGlobalContextManager(contexts as never)).toBe(true);
    expect(context.setGlobalContextManager({ ...contexts } as never)).toBe(false);
    expect(
      propagation.setGlobalPropagator({ inject: () => {}, extract: (it) => it, fields: () => ["x"] }),
    ).toBe(true);
    expect(propagation.fields()).toEqual(["x"]);
    trace.disable();
    expect(trace.setGlobalTracerProvider(tracers)).toBe(true);
    expect(onReplaced).not.toHaveBeenCalled();
  });

  it("of loggers work, and do not affect meters", () => {
    const ours = registered();
    const other = { ...logger, warn: vi.fn() };
    diag.setLogger(other, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
    diag.warn("hello");
    expect(other.warn).toHaveBeenCalledWith("hello");
    diag.disable();
    expect(metrics.getMeterProvider()).toBe(ours);
    metrics.setGlobalMeterProvider(new MeterProvider());
    expect(onReplaced).toHaveBeenCalledTimes(1);
  });

  it("between ours and theirs do not affect the replacement", () => {
    registered();
    trace.setGlobalTracerProvider({ getTracer: () => trace.getTracer("x") });
    const theirs = new MeterProvider();
    expect(metrics.setGlobalMeterProvider(theirs)).toBe(true);
    expect(metrics.getMeterProvider()).toBe(theirs);
  });
});

describe("a meter provider that was registered before ours", () => {
  it("stays registered, and no error is logged", () => {
    const theirs = new MeterProvider();
    metrics.setGlobalMeterProvider(theirs);
    globals = new ReplaceableGlobals();
    expect(globals.register("metrics", { ours: new MeterProvider(), onReplaced })).toBe(false);
    expect(metrics.getMeterProvider()).toBe(theirs);
    expect(logger.error).not.toHaveBeenCalled();
  });
});

describe("undo", () => {
  it("removes everything of ours", () => {
    const ours = registered();
    globals?.undo();
    expect(metrics.getMeterProvider()).not.toBe(ours);
    expect(metrics.setGlobalMeterProvider(new MeterProvider())).toBe(true);
    expect(metrics.setGlobalMeterProvider(new MeterProvider())).toBe(false);
    expect(onReplaced).not.toHaveBeenCalled();
  });

  it("does not remove theirs", () => {
    registered();
    const theirs = new MeterProvider();
    metrics.setGlobalMeterProvider(theirs);
    globals?.undo();
    expect(metrics.getMeterProvider()).toBe(theirs);
  });
});

describe("an SDK that we start", () => {
  const loggers = () => ({ getLogger: () => createNoopLogger() });

  it("replaces nothing, and can be replaced in every signal", () => {
    registered();
    const ofSdk = new MeterProvider();
    const propagator = { inject: () => {}, extract: (it: never) => it, fields: () => ["ours"] };
    globals?.registerOurs(() => {
      metrics.setGlobalMeterProvider(ofSdk);
      propagation.setGlobalPropagator(propagator);
      logs.setGlobalLoggerProvider(loggers());
    });
    expect(onReplaced).not.toHaveBeenCalled();
    expect(metrics.getMeterProvider()).toBe(ofSdk);
    const theirs = new MeterProvider();
    expect(metrics.setGlobalMeterProvider(theirs)).toBe(true);
    expect(onReplaced.mock.calls).toEqual([[theirs]]);
    expect(propagation.setGlobalPropagator({ ...propagator, fields: () => ["theirs"] })).toBe(true);
    expect(propagation.fields()).toEqual(["theirs"]);
    expect(logs.setGlobalLoggerProvider(loggers())).toBe(true);
    expect(logs.setGlobalLoggerProvider(loggers())).toBe(false);
    expect(logger.error).toHaveBeenCalledTimes(1);
  });

  it("calls back when it is replaced", () => {
    registered();
    const ofSdk = loggers();
    globals?.registerOurs(() => logs.setGlobalLoggerProvider(ofSdk));
    const replaced = vi.fn();
    globals?.adopt("logs", { onReplaced: replaced });
    const theirs = loggers();
    logs.setGlobalLoggerProvider(theirs);
    expect(replaced.mock.calls).toEqual([[theirs]]);
    expect(globals?.isOurs("logs")).toBe(false);
  });
});

describe("a second copy of the API with another version", () => {
  const noTracers = { getTracer: () => expect.unreachable() };

  it("can register, as without us", () => {
    registered();
    const theirs = new MeterProvider();
    expect(api19.metrics.setGlobalMeterProvider(theirs as never)).toBe(true);
    expect(onReplaced.mock.calls).toEqual([[theirs]]);
    expect(api19.metrics.getMeterProvider()).toBe(theirs);
    expect(api19.trace.setGlobalTracerProvider(noTracers)).toBe(true);
    expect(logger.error).not.toHaveBeenCalled();
  });

  it("decides on the version, as without us: another version is refused", () => {
    const ours = registered();
    expect(metrics.getMeterProvider()).toBe(ours);
    const theirs = new MeterProvider();
    api19.metrics.setGlobalMeterProvider(theirs as never);
    expect(trace.setGlobalTracerProvider(noTracers)).toBe(false);
    // 1.10 may not use what 1.9 has registered.
    expect(metrics.getMeterProvider()).not.toBe(theirs);
  });

  it("is refused if it is older than the copy that registered first", () => {
    registered();
    trace.setGlobalTracerProvider(noTracers);
    expect(api19.metrics.setGlobalMeterProvider(new MeterProvider() as never)).toBe(false);
    expect(onReplaced).not.toHaveBeenCalled();
  });

  it("keeps its registrations if it registered before ours", () => {
    delete (globalThis as unknown as Record<symbol, unknown>)[Symbol.for("opentelemetry.js.api.1")];
    api19.trace.setGlobalTracerProvider(noTracers);
    const ours = new MeterProvider();
    globals = new ReplaceableGlobals();
    expect(globals.register("metrics", { ours, onReplaced })).toBe(true);
    expect(api19.metrics.getMeterProvider()).toBe(ours);
    const theirs = new MeterProvider();
    expect(api19.metrics.setGlobalMeterProvider(theirs as never)).toBe(true);
    expect(onReplaced.mock.calls).toEqual([[theirs]]);
    api19.trace.disable();
  });
});

describe("a copy of the API that registered before ours", () => {
  it("decides on the version, as without us: another version is refused", () => {
    const tracers = { getTracer: () => trace.getTracer("x") };
    expect(trace.setGlobalTracerProvider(tracers)).toBe(true);
    registered();
    expect(api19.metrics.setGlobalMeterProvider(new MeterProvider() as never)).toBe(false);
    expect(onReplaced).not.toHaveBeenCalled();
  });

  it("decides nothing by its log lines", () => {
    registered();
    expect(api19.metrics.setGlobalMeterProvider(new MeterProvider() as never)).toBe(true);
  });
});

describe("an application that replaces the global object", () => {
  const scope = globalThis as unknown as Record<symbol, Record<string, unknown> | undefined>;
  const key = Symbol.for("opentelemetry.js.api.1");
  const registry = () => scope[key];
  const tracers = { getTracer: () => expect.unreachable() };

  it("can register with another version, as Sentry does", () => {
    const ours = registered();
    trace.setGlobalTracerProvider(tracers);
    expect(api19.trace.setGlobalTracerProvider(tracers)).toBe(false);
    const before = scope[key];
    scope[key] = undefined;
    expect(api19.trace.setGlobalTracerProvider(tracers)).toBe(true);
    scope[key] = { ...before, ...registry() };
    expect(api19.metrics.getMeterProvider()).toBe(ours);
    expect(api19.trace.getTracerProvider()).toBe(scope[key]?.trace);
    const theirs = new MeterProvider();
    expect(api19.metrics.setGlobalMeterProvider(theirs as never)).toBe(true);
    expect(onReplaced.mock.calls).toEqual([[theirs]]);
  });

  it("registers the content of its object, and we are called back", () => {
    registered();
    trace.setGlobalTracerProvider(tracers);
    const theirs = new MeterProvider();
    scope[key] = { version: "1.9.1", metrics: theirs };
    expect(onReplaced.mock.calls).toEqual([[theirs]]);
    expect(api19.metrics.getMeterProvider()).toBe(theirs);
    expect(scope[key]?.trace).toBeUndefined();
    expect(metrics.setGlobalMeterProvider(new MeterProvider())).toBe(false);
  });
});
