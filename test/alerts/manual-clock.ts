import type { ActionClock } from "../../src/alerts/actions/attempt.ts";

interface Wait {
  readonly at: number;
  readonly end: () => void;
}

/** A clock that a test moves, with random numbers that a test sets. */
export class ManualClock implements ActionClock {
  millis = 1_800_000_000_000;
  chance = 1;
  readonly asked: number[] = [];
  #waits = new Set<Wait>();
  readonly now = (): number => this.millis;
  readonly random = (): number => this.chance;

  wait(millis: number, signal: AbortSignal): Promise<void> {
    this.asked.push(millis);
    return new Promise((resolve) => {
      const wait: Wait = {
        at: this.millis + millis,
        end: () => {
          this.#waits.delete(wait);
          resolve();
        },
      };
      this.#waits.add(wait);
      if (signal.aborted) wait.end();
      else signal.addEventListener("abort", wait.end, { once: true });
    });
  }

  /** Advances the time and settles everything that depends on it alone. */
  async advance(millis: number): Promise<void> {
    this.millis += millis;
    for (const wait of [...this.#waits]) if (wait.at <= this.millis) wait.end();
    await turns();
  }

  /** The number of open waits. */
  get waiting(): number {
    return this.#waits.size;
  }
}

/** Settles every promise that can be settled now. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}
