import { messageOf } from "../core/text-of.ts";
import { log } from "../logging/component-logger.ts";
import { ApiError } from "../promql/api-error.ts";
import type { BackfillClock, Outcome } from "./backfill-options.ts";

const PROGRESS_MILLIS = 10_000;

/** Whom a run asks, and of how many series. */
export interface RunParts {
  readonly address: string;
  readonly clock: BackfillClock;
  /** Only the first run of a process logs that it begins and that all is well. */
  readonly isFirst: boolean;
  /** How many series wait. */
  readonly pending: () => number;
}

/** What is logged of the time from when series wait for their past until none does. */
export class BackfillRun {
  readonly #parts: RunParts;
  readonly #startedAt: number;
  readonly #over = new AbortController();
  readonly #outcomes = new Map<Outcome, number>();
  #isGivenUp = false;
  #lastError: string | undefined;

  constructor(parts: RunParts) {
    this.#parts = parts;
    this.#startedAt = parts.clock.elapsedMillis();
    if (parts.isFirst) log.info(`backfill: asks ${parts.address} for the past of series`);
    void this.#logProgress();
  }

  ended(outcome: Outcome): void {
    this.#outcomes.set(outcome, this.#count(outcome) + 1);
  }

  /** @param isGivenUp whether the time was up. */
  failed(error: unknown, isGivenUp: boolean): void {
    this.#isGivenUp ||= isGivenUp;
    const isStopped = error instanceof ApiError && error.reason === "stopped";
    if (!isStopped) this.#lastError = messageOf(error);
  }

  /** Ends without a line. */
  stop(): void {
    this.#over.abort();
  }

  /**
   * No series waits any more.
   *
   * @returns false if it was given up, or if there were only errors.
   */
  finish(): boolean {
    this.#over.abort();
    const error = this.#lastError;
    const counts = `${this.#seconds} s: ${this.#counts}`;
    const line = `backfill: done after ${counts}`;
    if (this.#isGivenUp)
      log.warn(
        `backfill: given up after ${counts}${error === undefined ? "" : `; the last error: ${error}`}`,
      );
    else if (error !== undefined) log.warn(`backfill: done after ${counts}; the last error: ${error}`);
    else if (this.#parts.isFirst) log.info(line);
    else log.debug(line);
    return !this.#isGivenUp && (error === undefined || this.#count("restored") > 0);
  }

  get #seconds(): number {
    return Math.round((this.#parts.clock.elapsedMillis() - this.#startedAt) / 1000);
  }

  get #done(): number {
    return [...this.#outcomes.values()].reduce((sum, count) => sum + count, 0);
  }

  get #counts(): string {
    const others = [
      [this.#count("no_past"), "have none"],
      [this.#count("ambiguous"), "are ambiguous"],
      [this.#count("failed"), "have none or a part of it"],
    ] as const;
    const rest = others.map(([count, what]) => (count > 0 ? `, ${count} ${what}` : "")).join("");
    return `${this.#count("restored")} of ${this.#done} series have their past${rest}`;
  }

  #count(outcome: Outcome): number {
    return this.#outcomes.get(outcome) ?? 0;
  }

  async #logProgress(): Promise<void> {
    const { clock, pending } = this.#parts;
    const over = this.#over.signal;
    for (;;) {
      await clock.sleep(PROGRESS_MILLIS, over);
      if (over.aborted) return;
      log.info(`backfill: ${this.#done} of ${this.#done + pending()} series, ${this.#seconds} s`);
    }
  }
}
