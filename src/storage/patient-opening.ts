import type { Hurry } from "../core/hurry.ts";
import { isWithin } from "./is-within.ts";

/** Collecting does not wait for a disk that answers nothing for so long. */
const PATIENCE_MILLIS = 2000;
/** The same while the monitor shuts down. */
const HURRIED_PATIENCE_MILLIS = 500;

/** Waits for work with a disk, such as to load a file, only as long as the disk answers. */
export class PatientOpening {
  readonly #hurry: Hurry;
  readonly #onNoAnswer: (reason: string) => void;
  #going: Promise<void> | undefined;
  #answers = 0;

  /**
   * @param hurry begins when the process shuts down: then a disk is not waited for long.
   * @param onNoAnswer called when the work is no longer waited for. It goes on.
   */
  constructor(hurry: Hurry, onNoAnswer: (reason: string) => void) {
    this.#hurry = hurry;
    this.#onNoAnswer = onNoAnswer;
  }

  /** Takes note that the disk has answered. */
  readonly answered = (): void => {
    this.#answers += 1;
  };

  /** Begins the work, and waits for it. Work that goes on already is not waited for again. */
  async begin(work: () => Promise<void>): Promise<void> {
    if (this.#going !== undefined) return;
    this.#going = work().finally(() => {
      this.#going = undefined;
    });
    await this.#whileItGoesOn(this.#going);
  }

  async #whileItGoesOn(work: Promise<void>): Promise<void> {
    for (;;) {
      const seen = this.#answers;
      const patience = this.#hurry.hasBegun ? HURRIED_PATIENCE_MILLIS : PATIENCE_MILLIS;
      const waiting = isWithin(patience, work);
      const isDone = this.#hurry.hasBegun ? await waiting : await this.#hurry.orUndefined(waiting);
      if (isDone === true) return;
      if (isDone === undefined || this.#answers > seen) continue;
      return this.#onNoAnswer(`the disk has not answered for ${patience / 1000} s; collecting goes on`);
    }
  }
}
