// What every app does: so much work, by its own tracing and metrics, and an agent among it. It waits for a line on standard
// input before it ends, so that it can be looked at.
import { setTimeout as pause } from "node:timers/promises";
import { metrics, SpanKind, trace } from "@opentelemetry/api";
import { seen } from "./seen.mjs";

export { seen };

const UNITS = Number(process.env.UNITS);
const PAUSE_MILLIS = 50;

/** @param flush pushes what the app's own SDK still holds. */
export async function work(flush = async () => {}) {
  const tracer = trace.getTracer("app");
  const meter = metrics.getMeter("app");
  const units = meter.createCounter("app.units");
  let queue = 0;
  meter.createObservableGauge("app.queue").addCallback((result) => result.observe(queue));
  for (let unit = 0; unit < UNITS; unit += 1) {
    await tracer.startActiveSpan("app.work", async (span) => {
      const attributes = { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "planner" };
      const agent = tracer.startSpan("invoke_agent planner", { kind: SpanKind.INTERNAL, attributes });
      await pause(PAUSE_MILLIS);
      agent.end();
      span.end();
    });
    units.add(1);
    queue += 1;
  }
  await seen();
  await flush();
}
