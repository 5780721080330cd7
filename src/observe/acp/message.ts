import type { TaskOutcome } from "../../agents/events.ts";

/** The id of a request, which its answer repeats. */
export type MessageId = string | number;

/**
 * A JSON-RPC message of the Agent Client Protocol, as far as it is read. Prompts, answers and outputs are
 * not read; of the input of a tool a digest is made.
 */
export interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: {
    readonly sessionId?: unknown;
    readonly requestId?: unknown;
    readonly update?: SessionUpdate;
  };
  readonly result?: {
    readonly stopReason?: unknown;
    readonly agentInfo?: { readonly name?: unknown };
    readonly protocolVersion?: unknown;
  } | null;
  readonly error?: { readonly code?: unknown };
}

/** What an agent says of its work in a session, while it works. */
export interface SessionUpdate {
  readonly sessionUpdate?: unknown;
  readonly toolCallId?: unknown;
  readonly name?: unknown;
  readonly kind?: unknown;
  readonly status?: unknown;
  readonly rawInput?: unknown;
  readonly state?: unknown;
  readonly stopReason?: unknown;
  readonly error?: { readonly code?: unknown } | null;
}

export interface TurnEnd {
  readonly outcome: TaskOutcome;
  readonly errorType?: string;
}

/** Reasons for which a turn stops before its work is done. */
const FAILURES: readonly unknown[] = ["refusal", "max_tokens", "max_turn_requests"];
/** The code of the answer to a request that was given up. */
const REQUEST_CANCELLED = -32800;

/** How a turn ended, by the reason that the agent gives. Reasons of its own are ordinary ends. */
export function endingOfReason({ stopReason: reason, error }: SessionUpdate): TurnEnd {
  if (reason === "cancelled") return { outcome: "cancelled" };
  if (reason === "error") return endingOfCode(error?.code);
  return FAILURES.includes(reason)
    ? { outcome: "failure", errorType: String(reason) }
    : { outcome: "success" };
}

/** How a turn ended whose answer is an error. */
export function endingOfCode(code: unknown): TurnEnd {
  if (code === REQUEST_CANCELLED) return { outcome: "cancelled" };
  return { outcome: "failure", errorType: typeof code === "number" ? String(code) : "unknown" };
}

export function isMessage(given: unknown): given is Message {
  return typeof given === "object" && given !== null;
}

export function isId(id: unknown): id is MessageId {
  return typeof id === "string" || typeof id === "number";
}
