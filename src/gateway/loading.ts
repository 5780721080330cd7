import { setTimeout as sleep } from "node:timers/promises";

/** Senders wait for this long at most. Their own patience is ten seconds by default. */
const PATIENCE_MILLIS = 3000;

/**
 * The time until the state is loaded, or can't be. It is short as a rule, so senders wait for the end of it:
 * many of them do not send again what was refused.
 */
export class Loading {
  #isOver = false;
  #release: () => void = () => {};
  readonly #released = new Promise<void>((resolve) => {
    this.#release = resolve;
  });

  end(): void {
    this.#isOver = true;
    this.#release();
  }

  /** From now on, nobody waits any more. */
  giveUp(): void {
    this.#release();
  }

  /** Waits for the end, for a short while. Resolves to whether it has come. */
  async isOverSoon(): Promise<boolean> {
    if (!this.#isOver)
      await Promise.race([this.#released, sleep(PATIENCE_MILLIS, undefined, { ref: false })]);
    return this.#isOver;
  }
}
