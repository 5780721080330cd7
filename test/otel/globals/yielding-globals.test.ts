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
import { YieldingGlobals } from "../../../src/otel/globals/yielding-globals.ts";

const logger = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), debug: vi.fn(), verbose: vi.fn() };
const takenOver = vi.fn();
let globals: YieldingGlobals | undefined;

beforeEach(() => {
  vi.clearAllMocks();
  diag.setLogger(logger, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true });
});

afterEach(() => {
  globals?.undo();
  globals = undefined;
  for (const api of [metrics, trace, context, propagation, logs, diag]) api.disable();
  // As in a process in which no copy of the API has registered anything.
  delete (globalThis as unknown as Record<symbol, unknown>)[Symbol.for("opentelemetry.js.api.1")];
});

function registered(): MeterProvider {
  const ours = new MeterProvider();
  globals = new YieldingGlobals();
  expect(globals.offer("metrics", { ours, onTakenOver: takenOver, returns: true })).toBe(true);
  expect(metrics.getMeterProvider()).toBe(ours);
  return ours;
}

describe("an application that registers a meter provider after ours", () => {
  it("has it, without an error, and we are told of it once", () => {
    registered();
    const theirs = new MeterProvider();
    expect(metrics.setGlobalMeterProvider(theirs)).toBe(true);
    expect(metrics.getMeterProvider()).toBe(theirs);
    expect(takenOver.mock.calls).toEqual([[theirs]]);
    expect(logger.error).not.toHaveBeenCalled();
  });

  it("has it where it deletes the global object before", () => {
    registered();
    metrics.disable();
    expect(Reflect.deleteProperty(globalThis, Symbol.for("opentelemetry.js.api.1"))).toBe(true);
    const theirs = new MeterProvider();
    expect(metrics.setGlobalMeterProvider(theirs)).toBe(true);
    expect(api19.metrics.getMeterProvider()).toBe(theirs);
    expect(takenOver.mock.calls).toEqual([[theirs]]);
    globals?.undo();
    expect(Reflect.deleteProperty(globalThis, Symbol.for("opentelemetry.js.api.1"))).toBe(true);
    expect(metrics.getMeterProvider()).not.toBe(theirs);
  });

  it("is refused a second one, as always", () => {
    registered();
    const theirs = new MeterProvider();
    metrics.setGlobalMeterProvider(theirs);
    expect(metrics.setGlobalMeterProvider(new MeterProvider())).toBe(false);
    expect(metrics.getMeterProvider()).toBe(theirs);
    expect(takenOver).toHaveBeenCalledTimes(1);
    expect(logger.error).toHaveBeenCalledTimes(1);
  });

  it("may take it back: then ours is there again, and yields again", () => {
    const ours = registered();
    metrics.setGlobalMeterProvider(new MeterProvider());
    metrics.disable();
    expect(metrics.getMeterProvider()).toBe(ours);
    const another = new MeterProvider();
    expect(metrics.setGlobalMeterProvider(another)).toBe(true);
    expect(metrics.getMeterProvider()).toBe(another);
    expect(takenOver).toHaveBeenCalledTimes(2);
  });

  it("may register again what is ours, which is no takeover", () => {
    const ours = registered();
    metrics.setGlobalMeterProvider(ours);
    expect(metrics.getMeterProvider()).toBe(ours);
    expect(takenOver).not.toHaveBeenCalled();
  });
});

describe("registrations of other signals", () => {
  it("are as they are without us: the first holds, the second is refused", () => {
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
    expect(takenOver).not.toHaveBeenCalled();
  });

  it("of loggers go through, and change nothing for meters", () => {
    const ours = registered();
    const other = { ...logger, warn: vi.fn() };
    diag.setLogger(other, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
    diag.warn("hello");
    expect(other.warn).toHaveBeenCalledWith("hello");
    diag.disable();
    expect(metrics.getMeterProvider()).toBe(ours);
    metrics.setGlobalMeterProvider(new MeterProvider());
    expect(takenOver).toHaveBeenCalledTimes(1);
  });

  it("between ours and theirs do not confuse the two", () => {
    registered();
    trace.setGlobalTracerProvider({ getTracer: () => trace.getTracer("x") });
    const theirs = new MeterProvider();
    expect(metrics.setGlobalMeterProvider(theirs)).toBe(true);
    expect(metrics.getMeterProvider()).toBe(theirs);
  });
});

describe("a meter provider that is there before ours", () => {
  it("stays, and no error is told of", () => {
    const theirs = new MeterProvider();
    metrics.setGlobalMeterProvider(theirs);
    globals = new YieldingGlobals();
    expect(globals.offer("metrics", { ours: new MeterProvider(), onTakenOver: takenOver })).toBe(false);
    expect(metrics.getMeterProvider()).toBe(theirs);
    expect(logger.error).not.toHaveBeenCalled();
  });
});

describe("undoing", () => {
  it("leaves nothing of ours behind", () => {
    const ours = registered();
    globals?.undo();
    expect(metrics.getMeterProvider()).not.toBe(ours);
    expect(metrics.setGlobalMeterProvider(new MeterProvider())).toBe(true);
    expect(metrics.setGlobalMeterProvider(new MeterProvider())).toBe(false);
    expect(takenOver).not.toHaveBeenCalled();
  });

  it("leaves theirs where it is", () => {
    registered();
    const theirs = new MeterProvider();
    metrics.setGlobalMeterProvider(theirs);
    globals?.undo();
    expect(metrics.getMeterProvider()).toBe(theirs);
  });
});

describe("an SDK of ours that is started in our turn", () => {
  const loggers = () => ({ getLogger: () => createNoopLogger() });

  it("takes over nothing, and yields in every signal", () => {
    registered();
    const ofSdk = new MeterProvider();
    const propagator = { inject: () => {}, extract: (it: never) => it, fields: () => ["ours"] };
    globals?.asOurs(() => {
      metrics.setGlobalMeterProvider(ofSdk);
      propagation.setGlobalPropagator(propagator);
      logs.setGlobalLoggerProvider(loggers());
    });
    expect(takenOver).not.toHaveBeenCalled();
    expect(metrics.getMeterProvider()).toBe(ofSdk);
    const theirs = new MeterProvider();
    expect(metrics.setGlobalMeterProvider(theirs)).toBe(true);
    expect(takenOver.mock.calls).toEqual([[theirs]]);
    expect(propagation.setGlobalPropagator({ ...propagator, fields: () => ["theirs"] })).toBe(true);
    expect(propagation.fields()).toEqual(["theirs"]);
    expect(logs.setGlobalLoggerProvider(loggers())).toBe(true);
    expect(logs.setGlobalLoggerProvider(loggers())).toBe(false);
    expect(logger.error).toHaveBeenCalledTimes(1);
  });

  it("tells who asks for it when it is replaced", () => {
    registered();
    const ofSdk = loggers();
    globals?.asOurs(() => logs.setGlobalLoggerProvider(ofSdk));
    const replaced = vi.fn();
    globals?.adopt("logs", { onTakenOver: replaced });
    const theirs = loggers();
    logs.setGlobalLoggerProvider(theirs);
    expect(replaced.mock.calls).toEqual([[theirs]]);
    expect(globals?.isOurs("logs")).toBe(false);
  });
});

describe("a second copy of the API, of another version", () => {
  const noTracers = { getTracer: () => expect.unreachable() };

  it("registers what it would have registered without us", () => {
    registered();
    const theirs = new MeterProvider();
    expect(api19.metrics.setGlobalMeterProvider(theirs as never)).toBe(true);
    expect(takenOver.mock.calls).toEqual([[theirs]]);
    expect(api19.metrics.getMeterProvider()).toBe(theirs);
    expect(api19.trace.setGlobalTracerProvider(noTracers)).toBe(true);
    expect(logger.error).not.toHaveBeenCalled();
  });

  it("is the only one from then on, as without us: another version is refused and reads nothing newer", () => {
    const ours = registered();
    expect(metrics.getMeterProvider()).toBe(ours);
    const theirs = new MeterProvider();
    api19.metrics.setGlobalMeterProvider(theirs as never);
    expect(trace.setGlobalTracerProvider(noTracers)).toBe(false);
    // 1.10 may not use what 1.9 has registered.
    expect(metrics.getMeterProvider()).not.toBe(theirs);
  });

  it("that is older is refused where the newer one has registered first", () => {
    registered();
    trace.setGlobalTracerProvider(noTracers);
    expect(api19.metrics.setGlobalMeterProvider(new MeterProvider() as never)).toBe(false);
    expect(takenOver).not.toHaveBeenCalled();
  });

  it("that was there first keeps what it has, and ours is there beside it", () => {
    delete (globalThis as unknown as Record<symbol, unknown>)[Symbol.for("opentelemetry.js.api.1")];
    api19.trace.setGlobalTracerProvider(noTracers);
    const ours = new MeterProvider();
    globals = new YieldingGlobals();
    expect(globals.offer("metrics", { ours, onTakenOver: takenOver })).toBe(true);
    expect(api19.metrics.getMeterProvider()).toBe(ours);
    const theirs = new MeterProvider();
    expect(api19.metrics.setGlobalMeterProvider(theirs as never)).toBe(true);
    expect(takenOver.mock.calls).toEqual([[theirs]]);
    api19.trace.disable();
  });
});

describe("an application that puts an object of its own in the place of the global one", () => {
  const scope = globalThis as unknown as Record<symbol, Record<string, unknown> | undefined>;
  const key = Symbol.for("opentelemetry.js.api.1");
  const registry = () => scope[key];
  const tracers = { getTracer: () => expect.unreachable() };

  it("registers by another version what that would have been refused, as Sentry does", () => {
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
    expect(takenOver.mock.calls).toEqual([[theirs]]);
  });

  it("has what is in it, and we are told of what was ours", () => {
    registered();
    trace.setGlobalTracerProvider(tracers);
    const theirs = new MeterProvider();
    scope[key] = { version: "1.9.1", metrics: theirs };
    expect(takenOver.mock.calls).toEqual([[theirs]]);
    expect(api19.metrics.getMeterProvider()).toBe(theirs);
    expect(scope[key]?.trace).toBeUndefined();
    expect(metrics.setGlobalMeterProvider(new MeterProvider())).toBe(false);
  });
});
