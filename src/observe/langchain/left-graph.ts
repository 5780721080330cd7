import { sleep } from "../../system/sleep.ts";
import type { Run } from "./runs.ts";

/** A graph that goes on after an abort, as by a retry policy, takes the next step by then. */
const GOES_ON_WITHIN_MILLIS = 2000;

/**
 * A step of a graph was aborted. If the application reads no further in the stream of the graph, LangGraph does
 * not report the end of the graph.
 */
export async function endUnlessItGoesOn({ agent }: Run): Promise<void> {
  const { begunRuns } = agent;
  await sleep(GOES_ON_WITHIN_MILLIS);
  if (agent.begunRuns === begunRuns) agent.invocation.end("cancelled");
}
