import { context, DiagLogLevel, diag, metrics, propagation, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { registerYieldingly } from "../../src/telemetry/global-registration.ts";

const logger = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), debug: vi.fn(), verbose: vi.fn() };
const takenOver = vi.fn();
let undo: (() => void) | undefined;

beforeEach(() => {
  vi.clearAllMocks();
  diag.setLogger(logger, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true });
});

afterEach(() => {
  undo?.();
  undo = undefined;
  for (const api of [metrics, trace, context, propagation, diag]) api.disable();
});

function registered(): MeterProvider {
  const ours = new MeterProvider();
  undo = registerYieldingly(ours, takenOver);
  expect(undo).toBeTypeOf("function");
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
    expect(registerYieldingly(new MeterProvider(), takenOver)).toBeUndefined();
    expect(metrics.getMeterProvider()).toBe(theirs);
    expect(logger.error).not.toHaveBeenCalled();
  });
});

describe("undoing", () => {
  it("leaves nothing of ours behind", () => {
    const ours = registered();
    undo?.();
    expect(metrics.getMeterProvider()).not.toBe(ours);
    expect(metrics.setGlobalMeterProvider(new MeterProvider())).toBe(true);
    expect(metrics.setGlobalMeterProvider(new MeterProvider())).toBe(false);
    expect(takenOver).not.toHaveBeenCalled();
  });

  it("leaves theirs where it is", () => {
    registered();
    const theirs = new MeterProvider();
    metrics.setGlobalMeterProvider(theirs);
    undo?.();
    expect(metrics.getMeterProvider()).toBe(theirs);
  });
});
