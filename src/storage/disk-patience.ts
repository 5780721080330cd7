import type { Hurry } from "../core/hurry.ts";
import { isWithin } from "./is-within.ts";

/** A file or folder that could not be used is tried again after this time. */
export const RETRY_MILLIS = 60_000;
/** How long a process that ends waits until a lock is released. The system does that too, a little later. */
export const RELEASE_MILLIS = 200;
/** Collecting does not wait for a disk that answers nothing for so long. */
const PATIENCE_MILLIS = 2000;
/** The same while the monitor shuts down. */
const HURRIED_PATIENCE_MILLIS = 500;

/** Waits for work with a disk, such as to load a file, only as long as the disk answers. */
export class DiskPatience {
  readonly #hurry: Hurry;
  #going: Promise<void> | undefined;
  #answers = 0;

  /** @param hurry begins when the process shuts down: then a disk is not waited for long. */
  constructor(hurry: Hurry) {
    this.#hurry = hurry;
  }

  /** Takes note that the disk has answered. */
  readonly answered = (): void => {
    this.#answers += 1;
  };

  /**
   * Begins the work, and waits for it. If the disk stops to answer, the work is no longer waited for,
   * but goes on. Work that goes on from before is not waited for again, and not begun again.
   *
   * @returns why it is no longer waited for; `undefined` if there is no reason.
   */
  async begin(work: () => Promise<void>): Promise<string | undefined> {
    if (this.#going !== undefined) return undefined;
    const going = work().finally(() => {
      this.#going = undefined;
    });
    this.#going = going;
    for (;;) {
      const seen = this.#answers;
      const patience = this.#hurry.hasBegun ? HURRIED_PATIENCE_MILLIS : PATIENCE_MILLIS;
      const waiting = isWithin(patience, going);
      const isDone = this.#hurry.hasBegun ? await waiting : await this.#hurry.orUndefined(waiting);
      if (isDone === true) return undefined;
      if (isDone === undefined || this.#answers > seen) continue;
      return `the disk has not answered for ${patience / 1000} s; collecting goes on`;
    }
  }
}
