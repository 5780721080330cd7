import { context, type Span, type Tracer, type TracerProvider, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  InMemorySpanExporter,
  type ReadableSpan,
  TracerProvider as SdkTracerProvider,
  SimpleSpanProcessor,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { joinSpanProcessor } from "../../../src/otel/tracing/foreign-tracer-provider.ts";
import { twinSpans } from "../../../src/otel/tracing/twin-spans.ts";

/** The spans of an SDK behind a provider that has only the methods of the API. */
function foreign(createsActiveSpansItself = false): {
  provider: TracerProvider;
  exporter: InMemorySpanExporter;
} {
  const exporter = new InMemorySpanExporter();
  const sdk = new SdkTracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const make = (tracer: Tracer): Tracer => ({
    startSpan: (...how) => tracer.startSpan(...how),
    startActiveSpan(this: Tracer, name: string, ...how: unknown[]) {
      if (createsActiveSpansItself) return Reflect.apply(tracer.startActiveSpan, tracer, [name, ...how]);
      const span = this.startSpan(name);
      return context.with(trace.setSpan(context.active(), span), () =>
        (how.at(-1) as (it: Span) => unknown)(span),
      );
    },
  });
  return { provider: { getTracer: (name) => make(sdk.getTracer(name)) }, exporter };
}

let ended: ReadableSpan[];
const processor: SpanProcessor = {
  onStart: () => {},
  onEnd: (span) => void ended.push(span),
  forceFlush: async () => {},
  shutdown: async () => {},
};

beforeEach(() => {
  ended = [];
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterEach(() => context.disable());

describe.each([
  ["creates active spans with startSpan", false],
  ["creates active spans itself", true],
])("a tracer provider that is not an SDK's and %s", (_, itself) => {
  it("has one twin per span, with the same ids, parent and content", () => {
    const { provider, exporter } = foreign(itself);
    expect(twinSpans(provider, processor)).toBe(true);
    const tracer = provider.getTracer("app");
    const result = tracer.startActiveSpan("outer", (outer) => {
      outer.setAttribute("early", 1);
      const inner = tracer.startSpan("inner", { attributes: { kind: "tool" } });
      inner.setAttributes({ late: true }).setStatus({ code: 2, message: "no" });
      inner.recordException(new RangeError("too far"));
      inner.end();
      outer.updateName("renamed").end();
      return "what the work returns";
    });
    expect(result).toBe("what the work returns");
    const content = (span: ReadableSpan) => ({
      name: span.name,
      attributes: span.attributes,
      status: span.status,
      events: span.events.map((event) => [event.name, event.attributes?.["exception.type"]]),
      parent: span.parentSpanContext?.spanId,
      id: span.spanContext().spanId,
      trace: span.spanContext().traceId,
    });
    expect(ended.map(content)).toEqual(exporter.getFinishedSpans().map(content));
    expect(ended.map(({ name }) => name)).toEqual(["inner", "renamed"]);
  });
});

describe("a tracer provider that is not an SDK's", () => {
  it("has twins with the options and the parent that an active span is given", () => {
    const { provider } = foreign(true);
    twinSpans(provider, processor);
    const tracer = provider.getTracer("app");
    const parent = tracer.startSpan("parent");
    const within = trace.setSpan(context.active(), parent);
    const end = (span: Span) => span.end();
    tracer.startActiveSpan("with options", { attributes: { early: 1 } }, end);
    tracer.startActiveSpan("within", { attributes: { early: 2 } }, within, end);
    expect(ended.map((span) => [span.name, span.attributes, span.parentSpanContext?.spanId])).toEqual([
      ["with options", { early: 1 }, undefined],
      ["within", { early: 2 }, parent.spanContext().spanId],
    ]);
  });

  it("is observed once, however often it is joined, and returns its own tracers", () => {
    const tracer = {
      startSpan: () => trace.getTracer("noop").startSpan("x"),
      startActiveSpan: () => undefined,
    };
    const provider = { getTracer: () => tracer } as unknown as TracerProvider;
    twinSpans(provider, processor);
    twinSpans(provider, processor);
    expect(provider.getTracer("a")).toBe(tracer);
    provider.getTracer("a").startSpan("x").end();
    expect(ended).toHaveLength(1);
  });

  it("is left alone if it has no tracers", () => {
    expect(twinSpans({} as TracerProvider, processor)).toBe(false);
  });

  it("can create spans that are frozen or throw: the application receives them", () => {
    const frozen = Object.freeze({ ...trace.getTracer("noop").startSpan("x") });
    const hostile = {
      spanContext: () => {
        throw new Error("of the application");
      },
    };
    const spans = [frozen, hostile] as unknown as Span[];
    const provider = { getTracer: () => ({ startSpan: () => spans.shift() }) } as unknown as TracerProvider;
    twinSpans(provider, processor);
    const tracer = provider.getTracer("app");
    expect(tracer.startSpan("a")).toBe(frozen);
    expect(tracer.startSpan("b")).toBe(hostile);
  });
});

it("a provider that accepts processors for its own kind of spans does not get ours", () => {
  const { provider } = foreign();
  const addSpanProcessor = vi.fn();
  expect(joinSpanProcessor(Object.assign(provider, { addSpanProcessor }), processor)).toBe(true);
  provider.getTracer("app").startSpan("work").end();
  expect(addSpanProcessor).not.toHaveBeenCalled();
  expect(ended.map(({ name }) => name)).toEqual(["work"]);
});
