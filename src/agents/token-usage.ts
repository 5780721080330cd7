/** Tokens of one model call; `cachedInput` is part of `input`. */
export interface TokenUsage {
  readonly input: number;
  readonly output: number;
  readonly cachedInput: number;
}

/** A count of tokens, from wherever it comes. */
export function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

/** Tokens of a model call from counts of unknown make; `undefined` where neither input nor output is told. */
export function tokenUsage(input: unknown, output: unknown, cachedInput: unknown): TokenUsage | undefined {
  if (!isCount(input) && !isCount(output)) return undefined;
  const all = isCount(input) ? input : 0;
  return {
    input: all,
    output: isCount(output) ? output : 0,
    cachedInput: isCount(cachedInput) ? Math.min(cachedInput, all) : 0,
  };
}
