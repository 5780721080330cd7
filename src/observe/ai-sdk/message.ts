import { type TokenUsage, tokenUsage } from "../../agents/token-usage.ts";
import type { Invocation } from "../work/invocation.ts";

/** What the SDK publishes: the same object at the start and at the end of a piece of work. Only these are read. */
export interface Message {
  readonly type: string;
  readonly event?: {
    readonly callId?: string;
    readonly functionId?: string;
    readonly aiVersion?: string;
    readonly provider?: string;
    readonly modelId?: string;
    readonly toolCall?: { readonly toolName?: string };
  };
  readonly result?: {
    readonly output?: { readonly type?: string; readonly error?: unknown };
    readonly usage?: unknown;
  };
  readonly error?: unknown;
}

/** What is told of a model call that has ended. */
export interface ModelEnd {
  readonly callId?: string;
  readonly provider?: string | undefined;
  readonly modelId?: string | undefined;
  readonly usage?: unknown;
}

export function modelEndOf(event: Message["event"], usage: unknown): ModelEnd {
  return { provider: event?.provider, modelId: event?.modelId, usage };
}

/** Of `openai.responses` the first part is the provider. */
export function reportTokens(invocation: Invocation, { usage, modelId, provider }: ModelEnd): void {
  invocation.modelAnswered(usageOf(usage), { model: modelId, provider: provider?.split(".")[0] });
}

/** A count, or a count with its parts: the SDK hands out the one, its models the other. */
type Count = number | { readonly total?: number; readonly cacheRead?: number } | undefined;

interface Usage {
  readonly inputTokens?: Count;
  readonly outputTokens?: Count;
  readonly inputTokenDetails?: { readonly cacheReadTokens?: number };
}

/** Tokens of a model call as the AI SDK tells them, or a model of it. */
export function usageOf(told: unknown): TokenUsage | undefined {
  const { inputTokens, outputTokens, inputTokenDetails } = (told ?? {}) as Usage;
  const cached = typeof inputTokens === "object" ? inputTokens?.cacheRead : undefined;
  return tokenUsage(total(inputTokens), total(outputTokens), cached ?? inputTokenDetails?.cacheReadTokens);
}

function total(count: Count): number | undefined {
  return typeof count === "object" ? count?.total : count;
}
