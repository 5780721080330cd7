import type { TaskOutcome } from "../../agents/events.ts";
import { AgentRun } from "./agent-run.ts";
import type { Ended, WorkLog } from "./work-log.ts";

/** What the steps of an agent are recorded with. */
export interface StepOptions {
  readonly log: WorkLog;
  /** Milliseconds of a monotonic clock. */
  readonly elapsedMillis: () => number;
}

/** The steps of an invocation that a framework reports one by one. They are recorded as they end. */
export class FollowedRun extends AgentRun {
  readonly #agentName: string;
  readonly #options: StepOptions;

  constructor(agentName: string, options: StepOptions) {
    super((step) => options.log.attempted(agentName, step));
    this.#agentName = agentName;
    this.#options = options;
  }

  toolCalled(toolName: string, digest: number): void {
    this.#options.log.toolCalled(this.#agentName, toolName, this.isRepetition(toolName, digest));
  }

  toolEnded(toolName: string, how: Ended): void {
    this.toolCalls += 1;
    this.#options.log.toolEnded(this.#agentName, toolName, how);
    this.stepEnded(`execute_tool ${toolName}`, how);
  }

  /** @param wentOn whether the agent has taken another step since. */
  stepEnded(taskType: string, how: Ended, wentOn = false): void {
    this.#options.log.stepEnded(this.#agentName, taskType, how);
    const { outcome, errorType } = how;
    // An abort does not show that a failure was survived: it may be a result of the failure.
    if (outcome === "cancelled") return;
    if (wentOn) this.endedBefore({ taskType, outcome, errorType });
    else this.ended({ taskType, outcome, errorType });
  }

  /** How work ended now that started at that time. */
  endOf(startedAt: number, outcome: TaskOutcome, errorType: string | undefined): Ended {
    const seconds = (this.#options.elapsedMillis() - startedAt) / 1000;
    return errorType ? { outcome, seconds, errorType } : { outcome, seconds };
  }
}
