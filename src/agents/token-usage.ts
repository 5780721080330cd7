/** Tokens of one model call; `cachedInput` is part of `input`. */
export interface TokenUsage {
  readonly input: number;
  readonly output: number;
  readonly cachedInput: number;
}

/** Whether a value of unknown origin is a count of tokens. */
export function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

/** The tokens of a model call. `undefined` if there is neither a count of input nor of output. */
export function tokenUsage(input: unknown, output: unknown, cachedInput: unknown): TokenUsage | undefined {
  if (!isCount(input) && !isCount(output)) return undefined;
  const all = isCount(input) ? input : 0;
  return {
    input: all,
    output: isCount(output) ? output : 0,
    cachedInput: isCount(cachedInput) ? Math.min(cachedInput, all) : 0,
  };
}
