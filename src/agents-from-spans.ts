import { diag } from "@opentelemetry/api";
import { agentSpanProcessor } from "./agent-span-processor.ts";
import type { Runtime } from "./pipeline/runtime.ts";
import { watchTracing } from "./telemetry/yielding-tracing.ts";

/**
 * Lets a runtime see the work of agents in the spans of this process, whoever makes them.
 *
 * @returns a function that undoes what can be undone.
 */
export function watchAgentSpans(runtime: Runtime): () => void {
  return watchTracing(agentSpanProcessor(runtime), () =>
    diag.info("otel-forecast: joined the tracer provider of the application"),
  );
}
