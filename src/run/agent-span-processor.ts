import { AgentSpans } from "../observe/spans/agent-spans.ts";
import { DedupedWorkLog } from "../observe/spans/deduped-work-log.ts";
import type { Runtime } from "./runtime.ts";

/** A span processor that tells a runtime of the work of agents. */
export function agentSpanProcessor({ pipeline, workLog, frameworkReports }: Runtime): AgentSpans {
  const { skips, options, surroundings } = pipeline;
  const spans = new AgentSpans({
    log: new DedupedWorkLog(workLog, frameworkReports),
    skips,
    defaultAgent: () => pipeline.instruments.defaultAgent,
    lostAfterMillis: options.expiryMillis,
    now: surroundings.now,
    elapsedMillis: surroundings.elapsedMillis,
  });
  pipeline.readers.listen({
    collectionEnded: () => {
      spans.sweep();
      return false;
    },
  });
  return spans;
}
