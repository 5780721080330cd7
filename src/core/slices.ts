/** Work that may be interrupted wherever it yields, and returns what it made. */
export type Steps<Result> = Generator<undefined, Result, undefined>;

/** What slices need of the clock. */
export interface SliceClock {
  /** Milliseconds of a clock that never goes back. */
  elapsed(): number;
  /** Lets the event loop go round. */
  pause(): Promise<void>;
}

/** The event loop goes round after so many milliseconds of our work at the latest, a single step apart. */
const SLICE_MILLIS = 8;

/** Does long work in short slices, so that the host does not feel it. */
export class Slices {
  readonly #clock: SliceClock;
  #startedAt: number;

  constructor(clock: SliceClock) {
    this.#clock = clock;
    this.#startedAt = clock.elapsed();
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
    this.#startedAt = this.#clock.elapsed();
  }

  get #isUsedUp(): boolean {
    return this.#clock.elapsed() - this.#startedAt >= SLICE_MILLIS;
  }
}
