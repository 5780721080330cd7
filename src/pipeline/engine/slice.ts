/** What the engine needs of the clock. */
export interface EngineClock {
  elapsed(): number;
  pause(): Promise<void>;
}

/** The event loop goes round after so many milliseconds of forecasting at the latest, a single fit apart. */
const SLICE_MILLIS = 10;

/** Work in slices: breathes when the slice is used up, and not before. */
export class Slice {
  readonly #clock: EngineClock;
  #startedAt: number;

  constructor(clock: EngineClock) {
    this.#clock = clock;
    this.#startedAt = clock.elapsed();
  }

  async breathe(): Promise<void> {
    if (this.#clock.elapsed() - this.#startedAt < SLICE_MILLIS) return;
    await this.#clock.pause();
    this.#startedAt = this.#clock.elapsed();
  }
}
