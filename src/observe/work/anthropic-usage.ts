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
  const [plain, cached, written] = [input, counts.cacheRead, counts.cacheWrite].map((count) =>
    isCount(count) ? count : 0,
  ) as [number, number, number];
  return tokenUsage(plain + cached + written, output, cached, written);
}
