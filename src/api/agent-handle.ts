import { AttemptTally, type EndedStep } from "../agents/attempt-tally.ts";
import { endingOfError } from "../agents/error-policy.ts";
import type { TaskOutcome } from "../agents/events.ts";
import type { AgentRecorder } from "../measure/instruments/agent-recorder.ts";
import { AgentAtWork, workFor } from "../observe/work/current-agent.ts";
import { isAsyncFunction, watchResult } from "../observe/work/watched-result.ts";

/** The argument of a task's work. */
export interface TaskContext {
  /**
   * Runs one attempt at the task. It counts in the rates of attempts. If the attempt fails and the
   * task goes on, the task does not fail. The last attempt is not counted beside the task if both
   * ended in the same way.
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
   * thrown unchanged. If `work` is no function, nothing runs and the result is `undefined`.
   */
  task<Result>(taskType: string, work: (task: TaskContext) => Result): Result {
    if (typeof work !== "function") return this.#recorder.skipWork(work) as Result;
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
}

/**
 * Runs work as a task, like `AgentHandle.task()`. What the work asks of a model by the SDK of its
 * provider counts for the same agent.
 */
export function runTask<Result>(run: TaskRun, work: (task: Attempts) => Result): Result {
  const { recorder, elapsedMillis, agentName, taskType } = run;
  const startedAt = elapsedMillis();
  const end = recorder.openTask(agentName, taskType);
  const attempts = new Attempts(
    taskType,
    ({ outcome, errorType }) => {
      if (outcome === "success") recorder.recordSucceededAttempt({ agentName, taskType });
      else recorder.recordRetriedAttempt({ agentName, taskType, ...(errorType && { errorType }) });
    },
    (given) => recorder.skipWork(given),
  );
  return settle(
    () => workFor(new AgentAtWork(agentName), () => work(attempts)),
    run.isFresh,
    (outcome, errorType) => {
      attempts.finish(outcome);
      end(outcome, (elapsedMillis() - startedAt) / 1000, errorType);
    },
  );
}

/** The attempts of a task, or those inside one attempt. */
export class Attempts implements TaskContext {
  readonly #taskType: string;
  readonly #counted: (step: EndedStep) => void;
  readonly #skipWork: (given: unknown) => undefined;
  readonly #tally: AttemptTally;

  constructor(taskType: string, counted: (step: EndedStep) => void, skipWork: (given: unknown) => undefined) {
    this.#taskType = taskType;
    this.#counted = counted;
    this.#skipWork = skipWork;
    this.#tally = new AttemptTally(counted);
  }

  attempt<Result>(work: (inner: Attempts) => Result): Result {
    if (typeof work !== "function") return this.#skipWork(work) as Result;
    this.#tally.goesOn();
    const inner = new Attempts(this.#taskType, this.#counted, this.#skipWork);
    return settle(
      () => work(inner),
      isAsyncFunction(work),
      (outcome, errorType) => {
        inner.finish(outcome);
        if (outcome === "success" || outcome === "failure")
          this.#tally.ended({ taskType: this.#taskType, outcome, errorType });
      },
    );
  }

  get isOver(): boolean {
    return this.#tally.isOver;
  }

  finish(outcome: TaskOutcome | "unseen"): void {
    this.#tally.finish(outcome);
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
