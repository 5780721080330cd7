import { kindOf } from "../../core/text-of.ts";
import type { SkipLog } from "../../logging/skip-log.ts";

/** Work that has not ended after this time is lost: its end will not be reported. */
export const LOST_AFTER_MILLIS = 3_600_000;
/** Maximum of open invocations, tasks and model calls that are followed. */
const MAX_OPEN = 10_000;

/** Work that has begun and not ended. */
export interface Open {
  readonly startedAt: number;
  lose(): void;
  withdraw(): void;
}

/** All work of agents that is open, in the order of its starts. */
export class OpenWork {
  readonly #open = new Set<Open>();
  readonly #skips: SkipLog;
  #isStopped = false;

  constructor(skips: SkipLog) {
    this.#skips = skips;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /**
   * Whether more work can be followed. If too much is open, it is counted as skipped.
   *
   * @param now milliseconds of a monotonic clock.
   */
  hasRoom(taskType: string, now: number): boolean {
    if (this.#isStopped) return false;
    this.sweep(now);
    if (this.#open.size < MAX_OPEN) return true;
    this.#skips.skip("max_open_tasks", `task (type: ${kindOf(taskType)})`);
    return false;
  }

  add(work: Open): void {
    this.#open.add(work);
  }

  /** @returns whether the work was open. */
  close(work: Open): boolean {
    return this.#open.delete(work);
  }

  /** Counts work that was open for too long as lost. It has no outcome. */
  sweep(now: number): void {
    const since = now - LOST_AFTER_MILLIS;
    for (const work of this.#open) {
      if (work.startedAt > since) return;
      work.lose();
    }
  }

  /** Withdraws all work. Nothing more has room. */
  stop(): void {
    this.#isStopped = true;
    for (const work of this.#open) work.withdraw();
  }
}
