import { isCount, type TokenUsage, tokenUsage } from "../../agents/token-usage.ts";

/**
 * The tokens of a call, from the counts of Anthropic's protocol: what was read from a cache or written to
 * it is no part of their input. `undefined` if there is neither a count of input nor of output.
 */
export function anthropicUsage(counts: {
  readonly input: unknown;
  readonly output: unknown;
  readonly cacheRead: unknown;
  readonly cacheWrite: unknown;
}): TokenUsage | undefined {
  const { input, output } = counts;
  if (!isCount(input) && !isCount(output)) return undefined;
  const cached = countOf(counts.cacheRead);
  const written = countOf(counts.cacheWrite);
  return tokenUsage(countOf(input) + cached + written, output, cached, written);
}

function countOf(given: unknown): number {
  return isCount(given) ? given : 0;
}
