import type { Invocation } from "../work/invocation.ts";
import { firstPartSeconds, type MastraSpan, modelOf, usageOf } from "./span.ts";

const NO_SUCH_TOOL = "tool_not_found";

/** A run of an agent. */
export interface Agent {
  readonly invocation: Invocation;
  /** Whether Mastra reports each call of a model. If not, it reports their tokens at the end. */
  reportsCalls: boolean;
  /** Calls of tools that Mastra does not have, since the last answer of the model. */
  clientCalls: number;
  /**
   * Whether its last answer was given up before it was complete. Then the run ends without an
   * error.
   */
  wasGivenUp: boolean;
}

/** A call of a client's tool ends the run. If the run goes on, there was no such tool. */
export function modelBegins(agent: Agent): void {
  agent.reportsCalls = true;
  for (; agent.clientCalls > 0; agent.clientCalls -= 1)
    agent.invocation.toolNotStarted(undefined, NO_SUCH_TOOL);
}

/** Ends a call of a model, with its tokens. */
export function modelEnded(agent: Agent, span: MastraSpan): void {
  const { finishReason } = span.attributes ?? {};
  agent.wasGivenUp = finishReason === undefined;
  if (finishReason === undefined) agent.invocation.modelEnded("cancelled");
  else agent.invocation.modelEnded(finishReason === "error" ? "failure" : "success", span.errorInfo?.name);
  agent.invocation.modelAnswered(usageOf(span), modelOf(span));
  const seconds = firstPartSeconds(span);
  if (seconds !== undefined) agent.invocation.firstTokenArrived(seconds, modelOf(span).model);
}
