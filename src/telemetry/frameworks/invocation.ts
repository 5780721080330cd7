import type { TaskOutcome } from "../../agents/events.ts";

/** Who is told what becomes of an invocation. */
export interface InvocationListener {
  ended(outcome: TaskOutcome | "lost", errorType: string | undefined): void;
  toolEnded(tool: string, outcome: TaskOutcome): void;
  /** A tool had failed and the agent went on. */
  survived(tool: string, errorType: string | undefined): void;
}

interface ToolFailure {
  readonly tool: string;
  readonly errorType: string | undefined;
}

/** One run of an agent, from its first step to its end. Safe to tell twice: the first end counts. */
export class Invocation {
  readonly agentName: string;
  readonly startedAt: number;
  readonly #listener: InvocationListener;
  #unsurvived: ToolFailure | undefined;
  #isOver = false;

  constructor(agentName: string, startedAt: number, listener: InvocationListener) {
    this.agentName = agentName;
    this.startedAt = startedAt;
    this.#listener = listener;
  }

  /** The agent takes another step: whatever tool failed before was survived. */
  goesOn(): void {
    const failure = this.#unsurvived;
    this.#unsurvived = undefined;
    if (failure !== undefined) this.#listener.survived(failure.tool, failure.errorType);
  }

  toolEnded(tool: string, outcome: TaskOutcome, errorType?: string): void {
    if (this.#isOver) return;
    this.goesOn();
    this.#listener.toolEnded(tool, outcome);
    if (outcome === "failure") this.#unsurvived = { tool, errorType };
  }

  /** The failure of a tool that ended the whole is counted as that alone. */
  end(outcome: TaskOutcome | "lost", errorType?: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (outcome !== "failure") this.goesOn();
    this.#listener.ended(outcome, errorType);
  }
}
