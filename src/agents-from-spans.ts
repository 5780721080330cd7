import { diag } from "@opentelemetry/api";
import type { Runtime } from "./pipeline/runtime.ts";
import { AgentSpans } from "./telemetry/genai/agent-spans.ts";
import { StandardMetrics } from "./telemetry/genai/standard-metrics.ts";
import { WorkLog } from "./telemetry/genai/work-log.ts";
import { GENAI_SCOPE } from "./telemetry/scopes.ts";
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
function agentSpans({ pipeline, wayOut, agentsOfFrameworks }: Runtime): AgentSpans {
  const { recorder, consumption, skips, options, clock } = pipeline;
  const metrics = new StandardMetrics(() =>
    (wayOut.ownProvider ?? pipeline.ownProvider).getMeter(GENAI_SCOPE),
  );
  const log = new WorkLog({
    recorder,
    consumption,
    metrics,
    skips,
    isCountedElsewhere: (agentName) => agentsOfFrameworks.has(agentName),
    expiryMillis: options.expiryMillis,
  });
  const spans = new AgentSpans({
    log,
    skips,
    processAgent: () => pipeline.processAgent,
    lostAfterMillis: options.expiryMillis,
    now: () => clock.now(),
    elapsed: () => clock.elapsed(),
  });
  pipeline.whenCollected((foreign) => {
    metrics.collected(foreign);
    spans.sweep();
  });
  return spans;
}
