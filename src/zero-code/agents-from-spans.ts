import { log } from "../logging/component-logger.ts";
import type { YieldingGlobals } from "../otel/globals/yielding-globals.ts";
import { YieldingTracing } from "../otel/tracing/yielding-tracing.ts";
import { agentSpanProcessor } from "../run/agent-span-processor.ts";
import type { Runtime } from "../run/runtime.ts";

/**
 * Lets a runtime see the work of agents in the spans of this process, whoever makes them; without a runtime, makes room for
 * tracing of ours that yields.
 */
export function watchAgentSpans(globals: YieldingGlobals, runtime: Runtime | undefined): YieldingTracing {
  const processor = runtime === undefined ? undefined : agentSpanProcessor(runtime);
  return new YieldingTracing(globals, processor, () =>
    log.info("joined the tracer provider of the application"),
  );
}
