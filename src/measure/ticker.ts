/** The timers that a ticker uses. Tests pass their own, and move time by hand. */
export interface TimerSource {
  setInterval(callback: () => void, millis: number): { unref(): void };
  clearInterval(timer: unknown): void;
}

/**
 * Runs work at an interval, one run at a time. While a run takes longer than the interval, ticks
 * are skipped and `onSkip` is called. The timer does not keep the process alive.
 */
export class Ticker {
  readonly #timers: TimerSource;
  readonly #onSkip: () => void;
  readonly #onError: (error: unknown) => void;
  readonly #work: () => Promise<void>;
  #timer: { unref(): void } | undefined;
  #running: Promise<void> | undefined;

  constructor(options: {
    timers: TimerSource;
    work: () => Promise<void>;
    onSkip: () => void;
    onError: (error: unknown) => void;
  }) {
    this.#timers = options.timers;
    this.#work = options.work;
    this.#onSkip = options.onSkip;
    this.#onError = options.onError;
  }

  start(millis: number): void {
    if (this.#timer !== undefined) return;
    this.#timer = this.#timers.setInterval(() => {
      if (this.#running === undefined) void this.run();
      else this.#onSkip();
    }, millis);
    this.#timer.unref();
  }

  /** Runs once now, or waits for the current run. Never rejects. */
  run(): Promise<void> {
    this.#running ??= this.#work()
      .catch(this.#onError)
      .finally(() => {
        this.#running = undefined;
      });
    return this.#running;
  }

  /**
   * Waits for the current run, then runs once more, because the current run may miss what was
   * recorded after its start.
   */
  async runOnceMore(): Promise<void> {
    await this.#running;
    await this.run();
  }

  /** Stops the timer and waits for the current run. */
  async stop(): Promise<void> {
    if (this.#timer !== undefined) this.#timers.clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#running;
  }
}
