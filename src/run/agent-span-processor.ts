import { AgentSpans } from "../observe/spans/agent-spans.ts";
import { DedupedWorkLog } from "../observe/spans/deduped-work-log.ts";
import type { Runtime } from "./runtime.ts";

/** A span processor that tells a runtime of the work of agents. */
export function agentSpanProcessor({ pipeline, workLog, frameworkReports }: Runtime): AgentSpans {
  const { skips, options, clock } = pipeline;
  const spans = new AgentSpans({
    log: new DedupedWorkLog(workLog, frameworkReports),
    skips,
    defaultAgent: () => pipeline.defaultAgent,
    lostAfterMillis: options.expiryMillis,
    now: () => clock.now(),
    elapsedMillis: () => clock.elapsedMillis(),
  });
  pipeline.whenCollected(() => spans.sweep());
  return spans;
}
