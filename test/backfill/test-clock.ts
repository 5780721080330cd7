import type { BackfillClock } from "../../src/backfill/backfill-options.ts";

/** A clock that is set by hand. */
export class TestClock implements BackfillClock {
  readonly #startedAt: number;
  readonly #sleepers = new Set<{ readonly until: number; readonly wake: () => void }>();
  #millis = 0;
  /** Called when other work may run. */
  pauses = 0;

  constructor(startedAt: number) {
    this.#startedAt = startedAt;
  }

  now(): number {
    return this.#startedAt + this.#millis;
  }

  elapsedMillis(): number {
    return this.#millis;
  }

  async pause(): Promise<void> {
    this.pauses += 1;
  }

  readonly sleep = (millis: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const sleeper = { until: this.#millis + millis, wake: resolve };
      const end = (): void => {
        this.#sleepers.delete(sleeper);
        resolve();
      };
      if (signal.aborted) return end();
      signal.addEventListener("abort", end);
      this.#sleepers.add(sleeper);
    });

  /** How long those who sleep still do, the shortest first. */
  get sleeping(): number[] {
    return Array.from(this.#sleepers, ({ until }) => until - this.#millis).sort((one, other) => one - other);
  }

  advance(millis: number): void {
    this.#millis += millis;
    for (const sleeper of this.#sleepers) {
      if (sleeper.until > this.#millis) continue;
      this.#sleepers.delete(sleeper);
      sleeper.wake();
    }
  }
}
