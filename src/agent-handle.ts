import type { TaskOutcome } from "./agents/events.ts";
import type { AgentRecorder } from "./telemetry/agent-recorder.ts";

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

  constructor(name: string, recorder: AgentRecorder, elapsedMillis: () => number) {
    this.name = name;
    this.#recorder = recorder;
    this.#elapsedMillis = elapsedMillis;
  }

  /**
   * Runs work as a task of this agent: times it, counts it as active meanwhile, and records how it ended: success,
   * failure with the type of its error, or cancellation when it was aborted. What the work returns, or a promise of
   * the same outcome, comes back; what it throws is thrown.
   *
   * @param taskType a name from a short list, such as `restart_service`; never an id.
   * @param onEnd told when the task has ended
   */
  task<Result>(taskType: string, work: (task: TaskContext) => Result, onEnd?: () => void): Result {
    const startedAt = this.#elapsedMillis();
    const end = this.#recorder.openTask(this.name, taskType);
    const attempts = new Attempts((errorType) => {
      this.#recorder.recordRetriedAttempt({ agentName: this.name, taskType, errorType });
    });
    return settle(
      () => work(attempts),
      (outcome, errorType) => {
        attempts.finish(outcome);
        end(outcome, (this.#elapsedMillis() - startedAt) / 1000, errorType);
        onEnd?.();
      },
    );
  }
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
    return settle(work, (_, errorType) => {
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
  onEnd: (outcome: TaskOutcome, errorType?: string) => void,
): Result {
  let isOver = false;
  // A thenable of some other make may well call back twice.
  const ended: typeof onEnd = (outcome, errorType) => {
    if (!isOver) onEnd(outcome, errorType);
    isOver = true;
  };
  const fail = (error: unknown): never => {
    const errorType = isAbort(error) ? undefined : errorTypeOf(error);
    ended(errorType === undefined ? "cancelled" : "failure", errorType);
    throw error;
  };
  let result: Result;
  try {
    result = work();
  } catch (error) {
    return fail(error);
  }
  if (!isThenable(result)) {
    ended("success");
    return result;
  }
  const succeed = <Value>(value: Value): Value => {
    ended("success");
    return value;
  };
  try {
    return result.then(succeed, fail) as Result;
  } catch (error) {
    return fail(error);
  }
}

// What an application's work returns or throws may be anything, a proxy that lets nobody look among it: it is handed on
// as it is, and the look at it is nobody's error.

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof lookAt(value, "then") === "function";
}

function isAbort(error: unknown): boolean {
  return lookAt(error, "name") === "AbortError";
}

function lookAt(value: unknown, key: string): unknown {
  try {
    return (value as Record<string, unknown> | undefined | null)?.[key];
  } catch {
    return undefined;
  }
}

/**
 * A short name for an error: a system's error code where it has one, or where its cause has (`fetch` fails with a
 * TypeError that an ECONNREFUSED caused), else the name of its class.
 */
function errorTypeOf(error: unknown): string {
  if (!isError(error)) return typeof error;
  const name = codeOf(error) ?? codeOf(lookAt(error, "cause")) ?? lookAt(error, "name");
  return typeof name === "string" ? name : "";
}

function isError(error: unknown): boolean {
  try {
    return error instanceof Error;
  } catch {
    return true;
  }
}

function codeOf(error: unknown): string | undefined {
  const code = lookAt(error, "code");
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{1,63}$/.test(code) ? code : undefined;
}
