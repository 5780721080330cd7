import type { TaskOutcome } from "../../agents/events.ts";
import type { TokenUsage } from "../../agents/token-usage.ts";

/** A failed step. It may turn out to be what ended the invocation. */
interface FailedStep {
  readonly taskType: string;
  readonly errorType: string | undefined;
}

/** The steps of one invocation of an agent, from its start to its end. */
export class AgentRun {
  toolCalls = 0;
  inferenceCalls = 0;
  /**
   * Whether its model calls have reported tokens. Then a sum on the invocation itself counts the
   * same tokens.
   */
  hasCountedTokens = false;
  #failedWith: FailedStep | undefined;
  readonly #survived: (step: FailedStep) => void;

  /** @param survived called for each failed step after which the invocation goes on. */
  constructor(survived: (step: FailedStep) => void) {
    this.#survived = survived;
  }

  /** The agent takes another step: it has survived the failure before. */
  goesOn(): void {
    const step = this.#failedWith;
    this.#failedWith = undefined;
    if (step !== undefined) this.#survived(step);
  }

  stepFailed(taskType: string, errorType: string | undefined): void {
    this.goesOn();
    this.#failedWith = { taskType, errorType };
  }

  /**
   * If the invocation failed, its last failed step is counted as its failure only, and not as a
   * failed attempt too.
   */
  finish(outcome: TaskOutcome | "lost"): void {
    if (outcome !== "failure") this.goesOn();
    this.#failedWith = undefined;
  }
}

/** The tokens of two model calls together. */
export function addUsage(one: TokenUsage | undefined, other: TokenUsage | undefined): TokenUsage | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return {
    input: one.input + other.input,
    output: one.output + other.output,
    cachedInput: one.cachedInput + other.cachedInput,
  };
}
