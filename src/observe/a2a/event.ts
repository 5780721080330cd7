import type { TaskOutcome } from "../../agents/events.ts";

/**
 * What an executor publishes of its task: in version 1 of the SDK a kind and its data, before that the
 * data alone. Messages and artifacts are not read.
 */
export interface A2aEvent {
  readonly data?: { readonly status?: { readonly state?: unknown } };
  readonly status?: { readonly state?: unknown };
}

export interface TaskEnd {
  readonly outcome: TaskOutcome;
  readonly errorType?: string;
}

const SUCCESS: TaskEnd = { outcome: "success" };
const CANCELLED: TaskEnd = { outcome: "cancelled" };
const FAILED: TaskEnd = { outcome: "failure", errorType: "failed" };
const REJECTED: TaskEnd = { outcome: "failure", errorType: "rejected" };

/** The states in which a task has ended, or waits for a person: the numbers of version 1, the names of before. */
const ENDINGS: ReadonlyMap<unknown, TaskEnd> = new Map<unknown, TaskEnd>([
  [3, SUCCESS],
  ["completed", SUCCESS],
  [4, FAILED],
  ["failed", FAILED],
  [5, CANCELLED],
  ["canceled", CANCELLED],
  [6, SUCCESS],
  ["input-required", SUCCESS],
  [7, REJECTED],
  ["rejected", REJECTED],
  [8, SUCCESS],
  ["auth-required", SUCCESS],
]);

/** The state of the task that an event reports; `undefined` if it reports none. */
export function stateIn(event: A2aEvent): unknown {
  return (event.data ?? event).status?.state;
}

/** How a task ended that is in this state; `undefined` if it is still being worked on. */
export function endingOfState(state: unknown): TaskEnd | undefined {
  return ENDINGS.get(state);
}
