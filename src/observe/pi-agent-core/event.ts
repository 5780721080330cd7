import type { TokenUsage } from "../../agents/token-usage.ts";
import { anthropicUsage } from "../work/anthropic-usage.ts";

/** An event of a run. Of texts, nothing is read; of the arguments of a tool, a digest is made. */
export interface PiEvent {
  readonly type: string;
  /** Of `message_end`: what a person, a model or a tool has said. */
  readonly message?: PiMessage;
  /** Of `agent_end`: all messages of the run. */
  readonly messages?: readonly PiMessage[];
  readonly toolCallId?: string;
  readonly toolName?: string;
  readonly args?: unknown;
  readonly isError?: boolean;
}

interface PiMessage {
  readonly role?: string;
  readonly stopReason?: string;
  readonly model?: string;
  readonly provider?: string;
  readonly usage?: {
    readonly input?: unknown;
    readonly output?: unknown;
    readonly cacheRead?: unknown;
    readonly cacheWrite?: unknown;
    readonly cost?: { readonly total?: unknown };
  };
}

/** How a run or a model call ended, by the reason for which the model stopped. */
export function endingOf(message: PiMessage | undefined): "success" | "failure" | "cancelled" {
  if (message?.stopReason === "aborted") return "cancelled";
  return message?.stopReason === "error" ? "failure" : "success";
}

/** The last answer of a model among the messages of a run. */
export function lastAnswerOf(messages: readonly PiMessage[] = []): PiMessage | undefined {
  return messages.findLast(({ role }) => role === "assistant");
}

/** The tokens of an answer. Those of caches are no part of its input. */
export function usageOf({ usage }: PiMessage): TokenUsage | undefined {
  return anthropicUsage({
    input: usage?.input,
    output: usage?.output,
    cacheRead: usage?.cacheRead,
    cacheWrite: usage?.cacheWrite,
  });
}

/** The cost by the price list of the framework; absent for a model without a price. */
export function costOf({ usage }: PiMessage): number | undefined {
  const total = usage?.cost?.total;
  return typeof total === "number" && total > 0 ? total : undefined;
}
