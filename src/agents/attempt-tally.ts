/** A step that has ended: a try at a task, a tool call, or a model call. */
export interface EndedStep {
  readonly taskType: string;
  readonly outcome: "success" | "failure";
  readonly errorType?: string | undefined;
}

/**
 * Turns the steps of one task into attempts, each counted once. A task is an attempt itself, which
 * its end counts. So the last step is no attempt of its own if the task ended like it: a model call
 * that failed the task, or the try that succeeded, is the same attempt as the task.
 */
export class AttemptTally {
  readonly #counted: (step: EndedStep) => void;
  #last: EndedStep | undefined;
  #isOver = false;

  /** @param counted called for each step that is an attempt of its own. */
  constructor(counted: (step: EndedStep) => void) {
    this.#counted = counted;
  }

  /** The last step that has ended, if the task has not gone on since. */
  get last(): EndedStep | undefined {
    return this.#last;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** The task takes another step, so the step before did not end it. */
  goesOn(): void {
    const step = this.#last;
    this.#last = undefined;
    if (step !== undefined) this.#counted(step);
  }

  /** A step has ended. A step may end after its task: then it is an attempt of its own. */
  ended(step: EndedStep): void {
    this.goesOn();
    if (this.#isOver) this.#counted(step);
    else this.#last = step;
  }

  /** A step ended before others that are known already, so it did not end the task. */
  endedBefore(step: EndedStep): void {
    this.#counted(step);
  }

  /** The task has ended: with success, with failure, or otherwise. */
  finish(outcome: string): void {
    if (this.#last?.outcome !== outcome) this.goesOn();
    this.#last = undefined;
    this.#isOver = true;
  }
}
