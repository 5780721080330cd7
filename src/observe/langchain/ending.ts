import { endingOfError, isAbort, isTimeout } from "../../agents/error-policy.ts";
import type { TaskOutcome } from "../../agents/events.ts";
import { errorTypeOf, readProperty } from "../../core/error-type.ts";

/**
 * How a run of LangChain ended. A step that stopped to ask a person is withdrawn: it starts again
 * with the answer.
 */
export interface Ending {
  readonly outcome: TaskOutcome | "withdrawn";
  readonly errorType?: string;
}

const SUCCESS = { outcome: "success" } as const;
const CANCELLED = { outcome: "cancelled" } as const;
/** LangGraph throws a handover to another agent. */
const HAND_OVER = "ParentCommand";
/** Thrown if the application stops a run between two steps, to continue it later. */
const DRAINED = "GraphDrained";

/** How a tool or a node ended. */
export function endingOfStep(error: unknown): Ending {
  if (error === undefined || readProperty(error, "name") === HAND_OVER) return SUCCESS;
  if (readProperty(error, "name") === DRAINED || isBareAbortOfModel(error)) return CANCELLED;
  // LangGraph throws its control flow, such as an interrupt.
  if (readProperty(error, "is_bubble_up") === true) return { outcome: "withdrawn" };
  return endingOfError(error);
}

/**
 * How a graph ended.
 *
 * A graph that stopped to ask a person is a success.
 *
 * @param error the error of the graph.
 * @param lastStep the error of its last failed step.
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

/**
 * Whether a step was aborted or timed out. Then LangGraph does not wait for the agents that it has
 * started.
 */
export function isGivenUp(error: unknown): boolean {
  return isAbort(error) || isTimeout(error);
}

/** Models of LangChain that are aborted between two parts of a stream throw an error without a name. */
function isBareAbortOfModel(error: unknown): boolean {
  return readProperty(error, "name") === "Error" && readProperty(error, "message") === "AbortError";
}

/**
 * Whether it is LangGraph's own error for a graph that was aborted, by a signal or by a time limit.
 */
function isOwnAbort(error: unknown): boolean {
  return readProperty(error, "name") === "Error" && readProperty(error, "message") === "Abort";
}
