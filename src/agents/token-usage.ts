/** Tokens of one model call. `cachedInput` and `cacheWrite` are parts of `input`. */
export interface TokenUsage {
  readonly input: number;
  readonly output: number;
  /** Input that was read from the provider's cache. */
  readonly cachedInput: number;
  /** Input that was written to the provider's cache; absent: none. */
  readonly cacheWrite?: number;
}

/** Whether a value of unknown origin is a count of tokens. */
export function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

/** The tokens of a model call. `undefined` if there is neither a count of input nor of output. */
export function tokenUsage(
  input: unknown,
  output: unknown,
  cachedInput: unknown,
  cacheWrite?: unknown,
): TokenUsage | undefined {
  if (!isCount(input) && !isCount(output)) return undefined;
  const all = isCount(input) ? input : 0;
  const cached = isCount(cachedInput) ? Math.min(cachedInput, all) : 0;
  const written = isCount(cacheWrite) ? Math.min(cacheWrite, all - cached) : 0;
  const usage = { input: all, output: isCount(output) ? output : 0, cachedInput: cached };
  return written === 0 ? usage : { ...usage, cacheWrite: written };
}

/** Input tokens that the provider's cache neither held nor took. */
export function plainInput({ input, cachedInput, cacheWrite = 0 }: TokenUsage): number {
  return Math.max(0, input - cachedInput - cacheWrite);
}
