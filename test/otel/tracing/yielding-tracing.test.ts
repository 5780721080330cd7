import { context, DiagLogLevel, diag, type Span, type Tracer, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AlwaysOffSampler,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type SpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { YieldingGlobals } from "../../../src/otel/globals/yielding-globals.ts";
import { YieldingTracing } from "../../../src/otel/tracing/yielding-tracing.ts";

const logger = { error: vi.fn(), warn: vi.fn(), info: vi.fn(), debug: vi.fn(), verbose: vi.fn() };
const joined = vi.fn();
const ofNobody = new TracerProvider().getTracer("app");
const API_KEY = Symbol.for("opentelemetry.js.api.1");
let seen: string[];
let globals: YieldingGlobals;

const processor: SpanProcessor = {
  onStart: () => {},
  onEnd: ({ name, parentSpanContext }) => {
    seen.push(parentSpanContext === undefined ? name : `${name} below`);
  },
  forceFlush: async () => {},
  shutdown: async () => {},
};

beforeEach(() => {
  vi.clearAllMocks();
  seen = [];
  diag.setLogger(logger, { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true });
});

afterEach(() => {
  globals.undo();
  for (const api of [trace, context, diag]) api.disable();
});

function watch(): YieldingTracing {
  globals = new YieldingGlobals();
  return new YieldingTracing(globals, processor, joined);
}

async function nested(tracer = trace.getTracer("app")): Promise<boolean> {
  return tracer.startActiveSpan("outer", async (outer) => {
    await Promise.resolve();
    tracer.startSpan("inner").end();
    outer.end();
    return (outer.spanContext().traceFlags & 1) === 1;
  });
}

function application(sampler?: AlwaysOffSampler): {
  provider: TracerProvider;
  exporter: InMemorySpanExporter;
} {
  const exporter = new InMemorySpanExporter();
  const spanProcessors = [new SimpleSpanProcessor({ exporter })];
  const provider = new TracerProvider({ spanProcessors, ...(sampler === undefined ? {} : { sampler }) });
  return { provider, exporter };
}

const both = ["inner below", "outer"];

describe("a process that sets up no tracing", () => {
  it("has its spans seen, nested as they are, and none of them sampled", async () => {
    watch();
    expect(await nested()).toBe(false);
    expect(seen).toEqual(both);
    expect(logger.error).not.toHaveBeenCalled();
  });
});

describe("an application that registers its own tracer provider later", () => {
  it("has it, its exporter gets what it would have got, and we see the same", async () => {
    watch();
    const { provider, exporter } = application();
    expect(trace.setGlobalTracerProvider(provider)).toBe(true);
    expect(joined).toHaveBeenCalledTimes(1);
    expect(await nested()).toBe(true);
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(["inner", "outer"]);
    expect(seen).toEqual(both);
    expect(logger.error).not.toHaveBeenCalled();
  });

  it("has the spans of tracers that were used before", async () => {
    const early = trace.getTracer("early");
    watch();
    await nested(early);
    const { provider, exporter } = application();
    trace.setGlobalTracerProvider(provider);
    await nested(early);
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(["inner", "outer"]);
    expect(seen).toEqual([...both, ...both]);
  });

  it("is refused a second one, as always", () => {
    watch();
    const { provider } = application();
    trace.setGlobalTracerProvider(provider);
    expect(trace.setGlobalTracerProvider(application().provider)).toBe(false);
    expect(logger.error).toHaveBeenCalledTimes(1);
  });

  it("may take it back and register another, which is joined", async () => {
    watch();
    trace.setGlobalTracerProvider(application().provider);
    trace.disable();
    const another = application();
    expect(trace.setGlobalTracerProvider(another.provider)).toBe(true);
    await nested();
    expect(another.exporter.getFinishedSpans()).toHaveLength(2);
    expect(seen).toEqual(both);
  });

  it("may set its own context manager", async () => {
    watch();
    const manager = new AsyncLocalStorageContextManager().enable();
    expect(context.setGlobalContextManager(manager)).toBe(true);
    await nested();
    expect(seen).toEqual(both);
    expect(context.setGlobalContextManager(new AsyncLocalStorageContextManager())).toBe(false);
  });
});

describe("an application that has registered its own before", () => {
  it("keeps it, and its tracers' spans are seen, unsampled ones too", async () => {
    const { provider, exporter } = application(new AlwaysOffSampler());
    const manager = new AsyncLocalStorageContextManager().enable();
    context.setGlobalContextManager(manager);
    trace.setGlobalTracerProvider(provider);
    const tracer = trace.getTracer("app");
    watch();
    expect(await nested(tracer)).toBe(false);
    expect(await nested(trace.getTracer("another"))).toBe(false);
    expect(seen).toEqual([...both, ...both]);
    expect(exporter.getFinishedSpans()).toEqual([]);
    expect(logger.error).not.toHaveBeenCalled();
  });

  it("of a make that is not known has its spans seen one by one", () => {
    const startSpan = (name: string): Span => ofNobody.startSpan(name);
    trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan }) as Tracer });
    watch();
    trace.getTracer("app").startSpan("theirs").end();
    expect(seen).toEqual(["theirs"]);
    expect(joined).toHaveBeenCalledTimes(1);
    expect(logger.warn).not.toHaveBeenCalled();
  });

  it.each([
    ["that is no tracer provider", {}],
    [
      "that throws whatever is asked of it",
      new Proxy(
        {},
        {
          get: (_, name) => {
            if (name !== "getTracer") throw new Error("of the application");
            return () => ofNobody;
          },
        },
      ),
    ],
  ])("%s is left alone, with one line", (_, provider) => {
    const api = (globalThis as unknown as Record<symbol, { trace?: unknown }>)[API_KEY];
    if (api !== undefined) api.trace = provider;
    watch();
    expect(joined).not.toHaveBeenCalled();
    expect(logger.warn).toHaveBeenCalledTimes(1);
  });
});

describe("an SDK of ours that makes the spans", () => {
  it("has its spans seen and exported until the application registers another, which is told of", async () => {
    const tracing = watch();
    const early = trace.getTracer("early");
    const own = application();
    const replaced = vi.fn();
    globals.asOurs(() => trace.setGlobalTracerProvider(own.provider));
    expect(tracing.adopt(replaced)).toBe(own.provider);
    const meanwhile = trace.getTracer("meanwhile");
    expect(await nested(early)).toBe(true);
    await nested(meanwhile);
    expect(own.exporter.getFinishedSpans()).toHaveLength(4);
    expect(replaced).not.toHaveBeenCalled();

    const theirs = application();
    expect(trace.setGlobalTracerProvider(theirs.provider)).toBe(true);
    expect(replaced).toHaveBeenCalledTimes(1);
    await nested(early);
    await nested(meanwhile);
    await nested();
    expect(own.exporter.getFinishedSpans()).toHaveLength(4);
    expect(theirs.exporter.getFinishedSpans()).toHaveLength(6);
    expect(seen).toHaveLength(10);
    expect(trace.setGlobalTracerProvider(application().provider)).toBe(false);
  });

  it("has them exported where agents are not looked for in spans", async () => {
    globals = new YieldingGlobals();
    const tracing = new YieldingTracing(globals, undefined, joined);
    const own = application();
    globals.asOurs(() => trace.setGlobalTracerProvider(own.provider));
    tracing.adopt(() => {});
    await nested();
    expect(own.exporter.getFinishedSpans()).toHaveLength(2);
    const theirs = application();
    expect(trace.setGlobalTracerProvider(theirs.provider)).toBe(true);
    await nested();
    expect(theirs.exporter.getFinishedSpans()).toHaveLength(2);
    expect(joined).not.toHaveBeenCalled();
  });
});
