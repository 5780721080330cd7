import { endingOfError } from "../agents/error-policy.ts";
import type { TaskOutcome } from "../agents/events.ts";
import type { AgentRecorder } from "../measure/instruments/agent-recorder.ts";
import { isAsyncFunction, watchResult } from "../observe/work/watched-result.ts";

/** What the work of a task is given. */
export interface TaskContext {
  /**
   * Runs one attempt at the task. An attempt that fails while the task goes on counts as a failed attempt, not as a
   * failed task. The result or the error comes back unchanged.
   */
  attempt<Result>(work: () => Result): Result;
}

/** One agent of a monitor. */
export class AgentHandle {
  readonly name: string;
  readonly #recorder: AgentRecorder;
  readonly #elapsedMillis: () => number;

  /** @internal */
  constructor(name: string, recorder: AgentRecorder, elapsedMillis: () => number) {
    this.name = name;
    this.#recorder = recorder;
    this.#elapsedMillis = elapsedMillis;
  }

  /**
   * Runs work as a task of this agent: times it, counts it as active meanwhile, and records how it ended: success,
   * failure with the type of its error, or cancellation when it was aborted. What the work returns comes back, the very
   * promise or query included; what it throws is thrown.
   *
   * @param taskType a name from a short list, such as `restart_service`; never an id.
   */
  task<Result>(taskType: string, work: (task: TaskContext) => Result): Result {
    const isFresh = isAsyncFunction(work);
    const parts = { recorder: this.#recorder, elapsedMillis: this.#elapsedMillis };
    return runTask({ ...parts, agentName: this.name, taskType, isFresh }, work);
  }
}

/** One task to be run, and what it is recorded with. */
export interface TaskRun {
  readonly recorder: AgentRecorder;
  readonly elapsedMillis: () => number;
  readonly agentName: string;
  readonly taskType: string;
  /** Whether a promise that the work gives is known to nobody yet. */
  readonly isFresh: boolean;
  readonly onEnd?: () => void;
}

/** Runs work as a task, as `AgentHandle.task()` does. */
export function runTask<Result>(run: TaskRun, work: (task: TaskContext) => Result): Result {
  const { recorder, elapsedMillis, agentName, taskType } = run;
  const startedAt = elapsedMillis();
  const end = recorder.openTask(agentName, taskType);
  const attempts = new Attempts((errorType) => {
    recorder.recordRetriedAttempt({ agentName, taskType, errorType });
  });
  return settle(
    () => work(attempts),
    run.isFresh,
    (outcome, errorType) => {
      if (outcome !== "unseen") attempts.finish(outcome);
      end(outcome, (elapsedMillis() - startedAt) / 1000, errorType);
      run.onEnd?.();
    },
  );
}

/** Tells the attempts of a task that were survived from the one that the task ended with. */
class Attempts implements TaskContext {
  #failedWith: string | undefined;
  readonly #survived: (errorType: string) => void;

  constructor(survived: (errorType: string) => void) {
    this.#survived = survived;
  }

  attempt<Result>(work: () => Result): Result {
    this.#survive();
    return settle(work, isAsyncFunction(work), (_, errorType) => {
      this.#failedWith = errorType;
    });
  }

  /** The attempt that a failed task ended with is counted as that. */
  finish(outcome: TaskOutcome): void {
    if (outcome !== "failure") this.#survive();
  }

  #survive(): void {
    if (this.#failedWith !== undefined) this.#survived(this.#failedWith);
    this.#failedWith = undefined;
  }
}

/** Runs work and tells how it ended, and with what type of error, once it has, whether it is synchronous or not. */
function settle<Result>(
  work: () => Result,
  isFresh: boolean,
  onEnd: (outcome: TaskOutcome | "unseen", errorType?: string) => void,
): Result {
  return watchResult(work, isFresh, {
    succeeded: () => onEnd("success"),
    failed: (error) => {
      const { outcome, errorType } = endingOfError(error);
      onEnd(outcome, errorType);
    },
    unknown: () => onEnd("unseen"),
  });
}
