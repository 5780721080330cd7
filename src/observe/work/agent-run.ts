import type { TaskOutcome } from "../../agents/events.ts";
import type { TokenUsage } from "../../agents/token-usage.ts";

/** A failure of a step that may turn out to be what the invocation ended with. */
interface FailedStep {
  readonly taskType: string;
  readonly errorType: string | undefined;
}

/** What happens within one invocation of an agent, from its start to its end. */
export class AgentRun {
  toolCalls = 0;
  inferenceCalls = 0;
  /** Whether its model calls told of tokens, so that a sum on the invocation itself says the same again. */
  hasCountedTokens = false;
  #failedWith: FailedStep | undefined;
  readonly #survived: (step: FailedStep) => void;

  /** `survived` is told of each failed step that the invocation went on after. */
  constructor(survived: (step: FailedStep) => void) {
    this.#survived = survived;
  }

  /** The agent takes another step: whatever failed before was survived. */
  goesOn(): void {
    const step = this.#failedWith;
    this.#failedWith = undefined;
    if (step !== undefined) this.#survived(step);
  }

  stepFailed(taskType: string, errorType: string | undefined): void {
    this.goesOn();
    this.#failedWith = { taskType, errorType };
  }

  /** The step that a failed invocation ended with is counted as that, not as a failed attempt beside it. */
  finish(outcome: TaskOutcome | "lost"): void {
    if (outcome !== "failure") this.goesOn();
    this.#failedWith = undefined;
  }
}

/** Tokens of several model calls together. */
export function addUsage(one: TokenUsage | undefined, other: TokenUsage | undefined): TokenUsage | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return {
    input: one.input + other.input,
    output: one.output + other.output,
    cachedInput: one.cachedInput + other.cachedInput,
  };
}
