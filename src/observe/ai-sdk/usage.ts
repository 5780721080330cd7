import { type TokenUsage, tokenUsage } from "../../agents/token-usage.ts";

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
