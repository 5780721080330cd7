import { endingOfError, errorTypeOf, isAbort, isTimeout, readProperty } from "../../agents/error-policy.ts";
import type { TaskOutcome } from "../../agents/events.ts";

/** How a run of LangChain's ended. A step that stopped to ask a person is withdrawn: it begins anew with the answer. */
export interface Ending {
  readonly outcome: TaskOutcome | "withdrawn";
  readonly errorType?: string;
}

const SUCCESS = { outcome: "success" } as const;
const CANCELLED = { outcome: "cancelled" } as const;
/** A hand-over to another agent is thrown. */
const HAND_OVER = "ParentCommand";
/** Thrown where the application has a run stop between two steps, to be gone on with later. */
const DRAINED = "GraphDrained";

/** How a tool or a node ended. */
export function endingOfStep(error: unknown): Ending {
  if (error === undefined || readProperty(error, "name") === HAND_OVER) return SUCCESS;
  if (readProperty(error, "name") === DRAINED) return CANCELLED;
  // LangGraph's control flow, such as an interrupt.
  if (readProperty(error, "is_bubble_up") === true) return { outcome: "withdrawn" };
  return endingOfError(error);
}

/**
 * How a graph ended, by the error that ended it; `lastStep` is what the last of its steps failed with that
 * failed. A graph that stopped to ask a person has ended well.
 */
export function endingOfGraph(
  error: unknown,
  lastStep: unknown,
): { outcome: TaskOutcome; errorType?: string } {
  if (isOwnAbort(error) && error !== lastStep)
    return isTimeout(lastStep) ? { outcome: "failure", errorType: errorTypeOf(lastStep) } : CANCELLED;
  const { outcome, ...more } = endingOfStep(error);
  return outcome === "withdrawn" ? SUCCESS : { outcome, ...more };
}

/** Whether a step was given up by whoever ran it, who does not wait for what it has begun. */
export function isGivenUp(error: unknown): boolean {
  return isAbort(error) || isTimeout(error);
}

/** What LangGraph says of a graph that was aborted, by a signal or by a time limit. */
function isOwnAbort(error: unknown): boolean {
  return readProperty(error, "name") === "Error" && readProperty(error, "message") === "Abort";
}
