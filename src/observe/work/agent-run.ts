import { AttemptTally } from "../../agents/attempt-tally.ts";
import { type TokenUsage, tokenUsage } from "../../agents/token-usage.ts";
import { RepeatedCalls } from "./repeated-calls.ts";

/** The steps of one invocation of an agent, from its start to its end. */
export class AgentRun extends AttemptTally {
  toolCalls = 0;
  inferenceCalls = 0;
  /**
   * Whether its model calls have reported tokens. Then a sum on the invocation itself counts the
   * same tokens.
   */
  hasCountedTokens = false;
  /** Most runs call few tools, many call none. */
  #calls: RepeatedCalls | undefined;

  /** Notes a call of a tool. Returns whether it repeats others of this run. */
  isRepetition(toolName: string, digest: number): boolean {
    this.#calls ??= new RepeatedCalls();
    return this.#calls.isRepetition(toolName, digest);
  }
}

/** The tokens of two model calls together. */
export function addUsage(one: TokenUsage | undefined, other: TokenUsage | undefined): TokenUsage | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return tokenUsage(
    one.input + other.input,
    one.output + other.output,
    one.cachedInput + other.cachedInput,
    (one.cacheWrite ?? 0) + (other.cacheWrite ?? 0),
  );
}
