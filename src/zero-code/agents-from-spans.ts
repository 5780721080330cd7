import { log } from "../logging/component-logger.ts";
import type { ReplaceableGlobals } from "../otel/globals/replaceable-globals.ts";
import { ObservedTracing } from "../otel/tracing/observed-tracing.ts";
import { agentSpanProcessor } from "../run/agent-span-processor.ts";
import type { Runtime } from "../run/runtime.ts";

/**
 * Lets a runtime see the work of agents in the spans of this process, whoever makes them; without a runtime, makes room for
 * tracing of ours that yields.
 */
export function watchAgentSpans(globals: ReplaceableGlobals, runtime: Runtime | undefined): ObservedTracing {
  const processor = runtime === undefined ? undefined : agentSpanProcessor(runtime);
  return new ObservedTracing(globals, processor, () =>
    log.info("joined the tracer provider of the application"),
  );
}
