import { context, ROOT_CONTEXT, type SpanContext, TraceFlags, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { afterAll, beforeAll, expect, it } from "vitest";
import { clockedSurroundings } from "../../src/measure/clocked-surroundings.ts";
import { MonitorClock } from "../../src/measure/monitor-clock.ts";
import { World } from "../run/harness.ts";

const SPAN: SpanContext = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  traceFlags: TraceFlags.SAMPLED,
};

beforeAll(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
afterAll(() => context.disable());

/** The trace that is found while a span with this context is active. */
function traceWithin(spanContext: () => SpanContext): unknown {
  const world = new World();
  const { currentTrace } = clockedSurroundings(world, new MonitorClock(world, 1000));
  const span = Object.assign(trace.wrapSpanContext(SPAN), { spanContext });
  return context.with(trace.setSpan(ROOT_CONTEXT, span), () => currentTrace?.());
}

it("knows the trace in which the caller is, if it is sampled", () => {
  const { traceId, spanId } = SPAN;
  expect(traceWithin(() => SPAN)).toEqual({ traceId, spanId, at: new World().now() });
  expect(traceWithin(() => ({ ...SPAN, traceFlags: TraceFlags.NONE }))).toBeUndefined();
});

it("knows none without a span, of a span that throws, and of ids that are no ids", () => {
  const world = new World();
  expect(clockedSurroundings(world, new MonitorClock(world, 1000)).currentTrace?.()).toBeUndefined();
  expect(traceWithin(() => ({ ...SPAN, traceId: '"\n' }))).toBeUndefined();
  const broken = (): SpanContext => {
    throw new Error("no context");
  };
  expect(traceWithin(broken)).toBeUndefined();
});
