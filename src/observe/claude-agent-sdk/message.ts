import { endingOfError, isTimeout } from "../../agents/error-policy.ts";
import type { TaskOutcome } from "../../agents/events.ts";
import { classOfText, classOrCode } from "../../core/error-name.ts";
import { readProperty } from "../../core/error-type.ts";

/** The end of a turn. Only these fields are read. */
export interface ResultMessage {
  readonly type: "result";
  readonly subtype?: string;
  readonly is_error?: boolean;
  readonly session_id?: string;
  readonly terminal_reason?: string;
  readonly api_error_status?: number | null;
  readonly permission_denials?: unknown;
  readonly usage?: Partial<
    Record<
      "input_tokens" | "output_tokens" | "cache_read_input_tokens" | "cache_creation_input_tokens",
      unknown
    >
  >;
  readonly modelUsage?: Readonly<
    Record<
      string,
      | {
          readonly inputTokens?: unknown;
          readonly outputTokens?: unknown;
          readonly cacheReadInputTokens?: unknown;
          readonly cacheCreationInputTokens?: unknown;
          readonly costUSD?: unknown;
          readonly provider?: string;
        }
      | undefined
    >
  >;
}

/** An answer of a model, or a part of one: parts of the same answer have the same id. */
export interface AssistantMessage {
  readonly type: "assistant";
  readonly parent_tool_use_id?: string | null;
  readonly error?: string;
  readonly message?: { readonly id?: string; readonly model?: string };
}

/** What Claude Code reports of itself, such as the start of a turn. */
export interface SystemMessage {
  readonly type: "system";
  readonly subtype?: string;
  readonly error?: unknown;
  readonly model?: string;
  readonly task_id?: string;
  readonly tool_use_id?: string;
  readonly status?: string;
}

/** A part of an answer. The first of each says how long it took. */
export interface PartMessage {
  readonly type: "stream_event";
  readonly parent_tool_use_id?: string | null;
  readonly ttft_ms?: unknown;
  readonly event?: { readonly message?: { readonly model?: unknown } } | null;
}

/** A message that a query yields. Others than these are not read. */
export type Message =
  | ResultMessage
  | AssistantMessage
  | SystemMessage
  | PartMessage
  | { readonly type: "conversation_reset" }
  | { readonly type: "other" };

const KINDS: readonly unknown[] = [
  "result",
  "assistant",
  "system",
  "stream_event",
  "conversation_reset",
] satisfies Message["type"][];

/** How a turn ended. */
export interface Ending {
  readonly outcome: TaskOutcome;
  readonly errorType?: string;
}

/** The end of work that the application has given up. */
export const CANCELLED: Ending = { outcome: "cancelled" };

/** Reads the kind of a message. Messages of the user are not read. */
export function messageOf(given: unknown): Message {
  return KINDS.includes(readProperty(given, "type")) ? (given as Message) : { type: "other" };
}

/** The ids of the calls of tools that were denied in a turn. */
export function deniedCalls({ permission_denials: denials }: ResultMessage): (string | undefined)[] {
  if (!Array.isArray(denials)) return [];
  return denials.map((denied) => readProperty(denied, "tool_use_id") as string | undefined);
}

/** @param lastError the error of the turn's last answer. */
export function endingOfResult(result: ResultMessage, lastError: string | undefined): Ending {
  const { subtype, is_error: isError, terminal_reason: reason, api_error_status: status } = result;
  if (typeof reason === "string" && reason.startsWith("aborted_")) return CANCELLED;
  if (subtype === "success" && isError !== true) return { outcome: "success" };
  const named =
    subtype === "success" ? (lastError ?? (reason === "completed" ? undefined : reason)) : subtype;
  const errorType = classOrCode(named) ?? (typeof status === "number" ? String(status) : "error_result");
  return { outcome: "failure", errorType };
}

/**
 * How a query ended that threw an error. The error of an abort has no name of its own in the SDK, so
 * the signal of the application decides. Some errors of the SDK have a class of their own.
 */
export function endingOfThrown(error: unknown, signal: AbortSignal | undefined): Ending {
  if (signal?.aborted === true) return isTimeout(signal.reason) ? endingOfError(signal.reason) : CANCELLED;
  const ending = endingOfError(error);
  const errorClass = classOrCode(readProperty(error, "errorClass"));
  return ending.outcome === "failure" && errorClass !== undefined
    ? { ...ending, errorType: errorClass }
    : ending;
}

/** The type of a tool's error, by the class with which its text begins. The text is not kept. */
export function errorTypeOfTool(text: unknown): string {
  return (typeof text === "string" ? classOfText(text) : undefined) ?? "tool_error";
}
