/** What a ticker needs of the clock; passed in, so that a test moves time by hand. */
export interface TimerSource {
  setInterval(callback: () => void, millis: number): { unref(): void };
  clearInterval(timer: unknown): void;
}

/**
 * Runs work every so often, never twice at once: a tick that comes while the one before still runs is left out and
 * told to `onSkip`. Keeps no process alive.
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

  /** Runs once now, or waits for the run that is under way. Never rejects. */
  run(): Promise<void> {
    this.#running ??= this.#work()
      .catch(this.#onError)
      .finally(() => {
        this.#running = undefined;
      });
    return this.#running;
  }

  /** Runs once from now: a run that is under way may have begun before what is to be seen. */
  async runAfresh(): Promise<void> {
    await this.#running;
    await this.run();
  }

  async stop(): Promise<void> {
    if (this.#timer !== undefined) this.#timers.clearInterval(this.#timer);
    this.#timer = undefined;
    await this.#running;
  }
}
