import { totalmem } from "node:os";
import { log } from "../logging/component-logger.ts";

/** How much memory there is, and how much is used. A test passes its own. */
export interface Memory {
  /** The bytes that the process may use. */
  limit(): number;
  used(): number;
}

/** The limit of the control group, if there is one below the memory of the machine. */
export const processMemory: Memory = {
  limit: () => {
    // It is 0, or greater than the memory of the machine, without a limit.
    const constrained = process.constrainedMemory();
    const total = totalmem();
    return constrained > 0 && constrained < total ? constrained : total;
  },
  used: () => process.memoryUsage.rss(),
};

/**
 * Tells whether there is memory for more streams. Those that are known go on in any case: to forget
 * what was learnt would help nobody.
 */
export class MemoryGuard {
  readonly #memory: Memory;
  readonly #share: number;
  #hasRoom = true;
  #isFull = false;

  /** @param share of the memory that the process may use, 0 to 1. */
  constructor(share: number, memory: Memory = processMemory) {
    this.#share = share;
    this.#memory = memory;
  }

  get hasRoom(): boolean {
    return this.#hasRoom;
  }

  /** Whether nothing more can be taken: half of the rest is used too. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Measures, and logs when the answer to `hasRoom` has changed. */
  lookAndLog(): void {
    if (!this.look()) return;
    if (this.hasRoom) log.info("there is memory for new streams again");
    else log.warn("the memory limit is reached: new streams are refused, and those that are known go on");
  }

  /** Measures. Returns whether the answer to `hasRoom` has changed. */
  look(): boolean {
    const hadRoom = this.#hasRoom;
    const share = this.#memory.used() / this.#memory.limit();
    this.#hasRoom = share < this.#share;
    this.#isFull = share >= (1 + this.#share) / 2;
    return this.#hasRoom !== hadRoom;
  }
}
