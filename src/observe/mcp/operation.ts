import type { TaskOutcome } from "../../agents/events.ts";

/** Whether it is the sender of a message who looks at it, or the receiver: a server that asks its client is the sender. */
export type Side = "client" | "server";

/** What is known of a request or a notification while it is under way. */
export interface Operation {
  readonly side: Side;
  readonly method: string;
  /** Of the tool or the prompt. */
  readonly name: string | undefined;
}

export interface OperationEnd {
  readonly outcome: TaskOutcome | "lost";
  readonly errorType?: string;
  /** The error code of the answer. */
  readonly statusCode?: string;
}

/** The work that the protocol is there for. Everything else keeps a connection going, or tells what there is. */
const WORK = ["tools/call", "prompts/get", "resources/read", "completion/complete"];

/** Requests that stay open for as long as somebody listens: how long that is says nothing. */
const STANDING = ["subscriptions/listen"];
/** The request that a connection begins with. */
export const HANDSHAKE = "initialize";
/** What a request failed with whose connection was closed, or was so before. */
export const CONNECTION_CLOSED = "connection_closed";

export function isStanding(method: string): boolean {
  return STANDING.includes(method);
}

/** Whether a request is a task of the agent that serves it or asks for it. */
export function isWork(method: string): boolean {
  return WORK.includes(method);
}

/** What kind of task a request is that is one. */
export function taskTypeOf({ method, name }: Operation): string {
  return method === "tools/call" ? `execute_tool ${name ?? "unknown"}` : method;
}
