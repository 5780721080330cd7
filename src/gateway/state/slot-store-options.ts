import type { Hurry } from "../../core/hurry.ts";
import type { YieldingClock } from "../../core/yielding-runner.ts";

/** Where a state is kept, and how often it is written. */
export interface SlotStoreOptions {
  readonly directory: string;
  readonly clock: YieldingClock;
  /** Begins when the process shuts down: then a disk is not waited for long. */
  readonly hurry?: Hurry;
  /** The slots that this process keeps. Default: all. */
  readonly slots?: Iterable<number>;
  /** The time between two flushes. Default: a minute. A large state is written less often. */
  readonly flushMillis?: number;
  /** How long the end waits for the last flush, while the disk answers. Default: 10 s. */
  readonly lastFlushMillis?: number;
}
