import { context, type Span, type Tracer, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { guardedTracer } from "../../../src/otel/tracing/guarded-tracer.ts";

let exporter: InMemorySpanExporter;
let tracer: Tracer;

beforeEach(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  tracer = guardedTracer(() => provider.getTracer("app"));
});
afterEach(() => context.disable());

describe("a tracer of ours that an application uses", () => {
  it("makes the spans that the SDK makes, nested and with what they are told", async () => {
    const result = await tracer.startActiveSpan("outer", async (outer: Span) => {
      await Promise.resolve();
      expect(trace.getActiveSpan()).toBe(outer);
      tracer
        .startSpan("inner", { attributes: { a: 1 } })
        .setAttribute("b", 2)
        .end();
      outer.updateName("renamed").setStatus({ code: 2 }).addEvent("e").end();
      return 7;
    });
    expect(result).toBe(7);
    const [inner, outer] = exporter.getFinishedSpans();
    expect(inner).toMatchObject({ name: "inner", attributes: { a: 1, b: 2 } });
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
    expect(outer).toMatchObject({ name: "renamed", status: { code: 2 }, events: [{ name: "e" }] });
  });

  it("never throws, whatever it is given", () => {
    const anything = fc.anything({ withBigInt: true, withNullPrototype: true, withDate: true });
    fc.assert(
      fc.property(anything, anything, anything, (one, two, three) => {
        const [a, b, c] = [one, two, three] as [never, never, never];
        tracer.startSpan(a, b, c).end(a);
        const span = tracer.startSpan("span");
        span.setAttribute(a, b).setAttributes(c).addEvent(a, b, c).addLink(a).addLinks(b);
        span.setStatus(a).updateName(b);
        span.recordException(a, b);
        span.end(c);
        expect(tracer.startActiveSpan("active", b, () => 7)).toBe(7);
      }),
    );
  });

  it("is one that makes nothing where none can be made", () => {
    const none = guardedTracer(() => {
      throw new Error("no such tracer");
    });
    expect(none.startSpan("span").isRecording()).toBe(false);
    expect(none.startActiveSpan("active", () => 7)).toBe(7);
  });

  it("hands on what the work throws", () => {
    const error = new Error("of the application");
    expect(() =>
      tracer.startActiveSpan("active", () => {
        throw error;
      }),
    ).toThrow(error);
  });
});
