import type { OperationEnd } from "./operation.ts";

/** A request that waits for its answer. Safe to end twice: the first end counts. */
export class OpenOperation {
  readonly startedAt: number;
  /** Told of the end, to forget the request. */
  onEnd = (): void => {};
  readonly #ended: (end: OperationEnd) => void;
  #isOver = false;

  constructor(startedAt: number, ended: (end: OperationEnd) => void) {
    this.startedAt = startedAt;
    this.#ended = ended;
  }

  end(end: OperationEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.onEnd();
    this.#ended(end);
  }
}
