import { diag } from "@opentelemetry/api";
import type { Runtime } from "./pipeline/runtime.ts";
import { AgentSpans } from "./telemetry/genai/agent-spans.ts";
import { SpanLog } from "./telemetry/genai/span-log.ts";
import { watchTracing } from "./telemetry/yielding-tracing.ts";

/**
 * Lets a runtime see the work of agents in the spans of this process, whoever makes them.
 *
 * @returns a function that undoes what can be undone.
 */
export function watchAgentSpans(runtime: Runtime): () => void {
  return watchTracing(agentSpans(runtime), () =>
    diag.info("otel-forecast: joined the tracer provider of the application"),
  );
}

/** A span processor that tells a runtime of the work of agents. */
function agentSpans({ pipeline, workLog, firstHand }: Runtime): AgentSpans {
  const { skips, options, clock } = pipeline;
  const spans = new AgentSpans({
    log: new SpanLog(workLog, firstHand),
    skips,
    processAgent: () => pipeline.processAgent,
    lostAfterMillis: options.expiryMillis,
    now: () => clock.now(),
    elapsed: () => clock.elapsed(),
  });
  pipeline.whenCollected(() => spans.sweep());
  return spans;
}
