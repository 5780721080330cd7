/** Work that may be interrupted wherever it yields, and returns what it made. */
export type Steps<Result> = Generator<undefined, Result, undefined>;

/** What slices need of the clock. */
export interface YieldingClock {
  /** Milliseconds of a clock that never goes back. */
  elapsedMillis(): number;
  /** Lets the event loop go round. */
  pause(): Promise<void>;
}

/** The event loop goes round after so many milliseconds of our work at the latest, a single step apart. */
const SLICE_MILLIS = 8;

/** Does long work in short slices, so that the host does not feel it. */
export class YieldingRunner {
  readonly #clock: YieldingClock;
  #startedAt: number;

  constructor(clock: YieldingClock) {
    this.#clock = clock;
    this.#startedAt = clock.elapsedMillis();
  }

  async run<Result>(work: Steps<Result>): Promise<Result> {
    for (;;) {
      const step = work.next();
      if (step.done === true) return step.value;
      if (this.#isUsedUp) await this.breathe();
    }
  }

  /** Lets the event loop go round when the slice is used up, and not before. */
  async breathe(): Promise<void> {
    if (!this.#isUsedUp) return;
    await this.#clock.pause();
    this.#startedAt = this.#clock.elapsedMillis();
  }

  get #isUsedUp(): boolean {
    return this.#clock.elapsedMillis() - this.#startedAt >= SLICE_MILLIS;
  }
}
