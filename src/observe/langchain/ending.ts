import type { TaskOutcome } from "../../agents/events.ts";
import { errorTypeOf, isAbort, look } from "../work/error-type.ts";

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
const TIME_LIMIT = "TimeoutError";

/** How a tool or a node ended. */
export function endingOfStep(error: unknown): Ending {
  if (error === undefined || look(error, "name") === HAND_OVER) return SUCCESS;
  if (look(error, "name") === DRAINED || isAbort(error)) return CANCELLED;
  // LangGraph's control flow, such as an interrupt.
  if (look(error, "is_bubble_up") === true) return { outcome: "withdrawn" };
  return { outcome: "failure", errorType: errorTypeOf(error) };
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
    return isTimeLimit(lastStep) ? { outcome: "failure", errorType: TIME_LIMIT } : CANCELLED;
  const { outcome, ...more } = endingOfStep(error);
  return outcome === "withdrawn" ? SUCCESS : { outcome, ...more };
}

/** Whether a step was given up by whoever ran it, who does not wait for what it has begun. */
export function isGivenUp(error: unknown): boolean {
  return isAbort(error) || isTimeLimit(error);
}

/** What LangGraph says of a graph that was aborted, by a signal or by a time limit. */
function isOwnAbort(error: unknown): boolean {
  return look(error, "name") === "Error" && look(error, "message") === "Abort";
}

function isTimeLimit(error: unknown): boolean {
  return look(error, "name") === TIME_LIMIT;
}
