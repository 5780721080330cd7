import { endingOfError } from "../agents/error-policy.ts";
import type { TaskOutcome } from "../agents/events.ts";
import type { AgentRecorder } from "../measure/instruments/agent-recorder.ts";
import { isAsyncFunction, watchResult } from "../observe/work/watched-result.ts";

/** The argument of a task's work. */
export interface TaskContext {
  /**
   * Runs one attempt at the task. If the attempt fails and the task goes on, it counts as a failed
   * attempt, and the task does not fail.
   *
   * @returns the result of `work`, unchanged. Errors are thrown unchanged.
   */
  attempt<Result>(work: () => Result): Result;
}

/** An agent of a monitor. Get it with `monitor.agent(name)`. */
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
   * Runs work as a task of this agent. Measures its duration, counts it as active while it runs,
   * and records how it ended:
   *
   * | the work | recorded as |
   * |---|---|
   * | returns, or its promise resolves | success |
   * | throws, or its promise rejects | failure, with the type of the error |
   * | throws an abort (`AbortError`), or an error that an abort caused | cancelled |
   *
   * The error type is the first system code in the error and its causes (`ECONNREFUSED`), else the
   * name of the error's class.
   *
   * @param taskType a name from a short list, such as `restart_service`. Never an id, since it is a
   * label.
   * @param work a synchronous or asynchronous function. It gets a `TaskContext`, to count attempts.
   * @returns the result of `work`, unchanged: the same promise, or the same query. Errors are
   * thrown unchanged.
   */
  task<Result>(taskType: string, work: (task: TaskContext) => Result): Result {
    const isFresh = isAsyncFunction(work);
    const parts = { recorder: this.#recorder, elapsedMillis: this.#elapsedMillis };
    return runTask({ ...parts, agentName: this.name, taskType, isFresh }, work);
  }
}

/** A task to run, and where to record it. */
export interface TaskRun {
  readonly recorder: AgentRecorder;
  readonly elapsedMillis: () => number;
  readonly agentName: string;
  readonly taskType: string;
  /** Whether the promise that the work returns is new: no other code can have handled it. */
  readonly isFresh: boolean;
  readonly onEnd?: () => void;
}

/** Runs work as a task, like `AgentHandle.task()`. */
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

/** Records the failed attempts of a task, except the one that the task itself ended with. */
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

  /** If the task failed, its last failed attempt is counted as the failure of the task only. */
  finish(outcome: TaskOutcome): void {
    if (outcome !== "failure") this.#survive();
  }

  #survive(): void {
    if (this.#failedWith !== undefined) this.#survived(this.#failedWith);
    this.#failedWith = undefined;
  }
}

/** Runs synchronous or asynchronous work, and calls `onEnd` once when it has ended. */
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
