/** Work that can pause at each `yield`, and returns a result. */
export type Steps<Result> = Generator<undefined, Result, undefined>;

/** The clock and the pause of the event loop. */
export interface YieldingClock {
  /** The milliseconds of a monotonic clock. */
  elapsedMillis(): number;
  /** Lets the event loop run once. */
  pause(): Promise<void>;
}

/** The event loop runs at least after this many milliseconds of our work, plus one step. */
const SLICE_MILLIS = 2;
/** A slice that is this old is under way. */
const UNDER_WAY_MILLIS = 0.5;

/** How many small steps are done between two looks at the clock: to look costs as much as such a step. */
const STEPS_BETWEEN = 16;

/** Tells work of many small steps at which of them it should `yield`, or look at the clock. */
export class Pace {
  readonly #stepsBetween: number;
  #steps = 0;

  constructor(stepsBetween = STEPS_BETWEEN) {
    this.#stepsBetween = stepsBetween;
  }

  /** Counts a step. Returns `true` if the work should `yield` before the next one. */
  isDue(): boolean {
    this.#steps = (this.#steps + 1) % this.#stepsBetween;
    return this.#steps === 0;
  }
}

/** Runs long work in short slices, so that the application stays responsive. */
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
      if (this.isDue) await this.pause();
    }
  }

  /** Whether the current slice is used up. */
  get isDue(): boolean {
    return this.#clock.elapsedMillis() - this.#startedAt >= SLICE_MILLIS;
  }

  /** Whether much of the current slice is used. A step that takes as long as a slice needs a new one. */
  get isUnderWay(): boolean {
    return this.#clock.elapsedMillis() - this.#startedAt >= UNDER_WAY_MILLIS;
  }

  /** Lets the event loop run. The next slice begins after it. */
  async pause(): Promise<void> {
    await this.#clock.pause();
    this.#startedAt = this.#clock.elapsedMillis();
  }
}

/** Runs long work without a pause. */
export function atOnce<Result>(work: Steps<Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
