import { AgentSpans } from "../observe/spans/agent-spans.ts";
import { SpanLog } from "../observe/spans/span-log.ts";
import type { Runtime } from "./runtime.ts";

/** A span processor that tells a runtime of the work of agents. */
export function agentSpanProcessor({ pipeline, workLog, firstHand }: Runtime): AgentSpans {
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
