import type { TaskOutcome } from "../../agents/events.ts";
import { type TokenUsage, tokenUsage } from "../../agents/token-usage.ts";

/** The fields of an event of OpenAI's Realtime API that are read. */
export interface ServerEvent {
  readonly type?: string;
  readonly item?: {
    readonly type?: string;
    readonly role?: string;
    readonly status?: string;
    readonly call_id?: string;
  };
  readonly response?: RealtimeResponse;
}

/** A response of the model, as it ended. */
export interface RealtimeResponse {
  readonly status?: string;
  readonly status_details?: {
    readonly error?: { readonly type?: string; readonly code?: string } | null;
  } | null;
  readonly usage?: {
    readonly input_tokens?: unknown;
    readonly output_tokens?: unknown;
    readonly input_token_details?: { readonly cached_tokens?: unknown };
  };
}

const FAILED = "response_failed";
/** A part of an answer: text, audio, or the arguments of a tool. */
const OUTPUT = /^response\..*\.delta$/;

/** Whether an event has a part of an answer. */
export function isOutput({ type = "" }: ServerEvent): boolean {
  return OUTPUT.test(type);
}

/** The id of the tool call that an event announces. */
export function announcedCall({ type, item }: ServerEvent): string | undefined {
  const isCall = type === "response.output_item.done" && item?.type === "function_call";
  return isCall ? item.call_id : undefined;
}

/** Whether an event shows that a person has said something. */
export function isOfUser({ type, item }: ServerEvent): boolean {
  return type === "conversation.item.added" && item?.role === "user";
}

/** How a response ended. One that was cut at a limit counts as an answer. */
export function endingOf({ status, status_details: details }: RealtimeResponse): {
  readonly outcome: TaskOutcome;
  readonly errorType?: string;
} {
  if (status === "cancelled") return { outcome: "cancelled" };
  if (status !== "failed") return { outcome: "success" };
  return { outcome: "failure", errorType: details?.error?.code ?? details?.error?.type ?? FAILED };
}

export function usageOf({ usage }: RealtimeResponse): TokenUsage | undefined {
  return tokenUsage(usage?.input_tokens, usage?.output_tokens, usage?.input_token_details?.cached_tokens);
}
