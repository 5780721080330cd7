import { type Attributes, DiagLogLevel, diag, ROOT_CONTEXT, type Span, trace } from "@opentelemetry/api";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import fc from "fast-check";
import { afterEach, expect, it } from "vitest";
import { PerformanceMonitor } from "../../src/api/performance-monitor.ts";
import * as semconv from "../../src/otel/semconv.ts";
import { eventually } from "../eventually.ts";
import { runs } from "../harness/runs.ts";
import { parseTextFormat } from "../prometheus/text-format.ts";
import { anyJson } from "./harness/any-text.ts";

const SPANS_EACH = 200;
afterEach(() => diag.disable());

/** The keys that conventions name. */
function keysOf(value: unknown): string[] {
  if (typeof value === "string") return value.includes(".") ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(keysOf) : [];
}
const keys = keysOf({ ...semconv });
const KINDS = ["invoke_agent", "execute_tool", "chat", "AGENT", "TOOL", "LLM", "agent", "ai.toolCall"];

const value = fc.oneof(
  fc.constantFrom<unknown>(...KINDS, -1, 0, 1e308, Number.NaN, "", "planner", "__proto__", "[{}]", '{"a":'),
  fc.anything({ withBigInt: true, withNullPrototype: true }),
  anyJson.map((it) => JSON.stringify(it)),
);
const event = fc.record({
  name: fc.oneof(fc.constantFrom(...KINDS), fc.string({ unit: "binary", maxLength: 20 })),
  parent: fc.nat(SPANS_EACH),
  attributes: fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 6 }),
  status: fc.constantFrom(0, 1, 2),
  ends: fc.boolean(),
});

it("tree of spans", async () => {
  expect(keys.length).toBeGreaterThan(40);
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);
  const ignore = () => {};
  diag.setLogger(
    { error: say, warn: ignore, info: ignore, debug: ignore, verbose: ignore },
    DiagLogLevel.ALL,
  );
  const monitor = new PerformanceMonitor({ port: 0, collectionIntervalMillis: 3_600_000, method: "naive" });
  await monitor.start();
  const tracer = new TracerProvider({ spanProcessors: [monitor.spanProcessor()] }).getTracer("attack");
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 30 }), async (events) => {
      const begun: Span[] = [];
      for (const { name, parent, attributes, status, ends } of events) {
        const above = begun[parent % (begun.length || 1)];
        const context = above === undefined ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, above);
        const span = tracer.startSpan(name, { attributes: attributes as Attributes }, context);
        span.setStatus({ code: status });
        begun.push(span);
        if (ends) span.end();
      }
      for (const span of begun) if (span.isRecording()) span.end();
      expect(said).toEqual([]);
    }),
    { numRuns: runs(50) },
  );
  // The first page may come before the first collection.
  await eventually(async () => expect(parseTextFormat(await pageOf(monitor)).size).toBeGreaterThan(5));
  await monitor.shutdown();
});

async function pageOf(monitor: PerformanceMonitor): Promise<string> {
  return (await fetch(`${monitor.url}/metrics`)).text();
}
