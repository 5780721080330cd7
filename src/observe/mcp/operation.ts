import type { TaskOutcome } from "../../agents/events.ts";

/**
 * Who sees a message: its sender (`client`) or its receiver (`server`). A server that asks its
 * client is the sender.
 */
export type Side = "client" | "server";

/** What is known of a request or a notification while it is under way. */
export interface Operation {
  readonly side: Side;
  readonly method: string;
  /** The name of the tool or the prompt. */
  readonly name: string | undefined;
}

/** How a request or a notification ended. `lost`: no answer came. */
export interface OperationEnd {
  readonly outcome: TaskOutcome | "lost";
  readonly errorType?: string;
  /** The error code of the answer. */
  readonly statusCode?: string;
}

/** A request as a task of an agent. */
export interface AgentTask {
  readonly agentName: string | undefined;
}

/**
 * The methods that are work. All others maintain the connection, or list what the server offers.
 */
const WORK = ["tools/call", "prompts/get", "resources/read", "completion/complete"];

/** Requests that stay open for as long as the client listens. Their duration has no meaning. */
const SUBSCRIPTIONS = ["subscriptions/listen"];
/** The first request of a connection. */
export const HANDSHAKE = "initialize";
/** The error type of a request whose connection was closed, before it was sent or later. */
export const CONNECTION_CLOSED = "connection_closed";

/** Whether a request stays open on purpose. Such requests are not recorded. */
export function isSubscription(method: string): boolean {
  return SUBSCRIPTIONS.includes(method);
}

/** Whether a request is a task: of the agent that serves it, and of the agent that asks for it. */
export function isWork(method: string): boolean {
  return WORK.includes(method);
}

/** The task type of a request that is work. */
export function taskTypeOf({ method, name }: Operation): string {
  return method === "tools/call" ? `execute_tool ${name ?? "unknown"}` : method;
}

/** A request that waits for its answer. The first end counts, later ones are ignored. */
export class OpenOperation {
  readonly startedAt: number;
  /** Called at the end, to forget the request. */
  onEnd = (): void => {};
  readonly #ended: (end: OperationEnd) => void;
  #isOver = false;

  constructor(startedAt: number, ended: (end: OperationEnd) => void) {
    this.startedAt = startedAt;
    this.#ended = ended;
  }

  end(end: OperationEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.onEnd();
    this.#ended(end);
  }
}
