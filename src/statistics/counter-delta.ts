/** How to take the first reading of a counter. */
export interface CounterDeltaOptions {
  /** True when the counter is known to have begun at 0 within the time measured: then its first reading is a delta. */
  readonly beganAtZero?: boolean;
}

/**
 * Turns the readings of a cumulative counter into what was added between them. A reading below the one before means
 * that the counter restarted from 0, so the whole reading is new: the rule of Prometheus' `increase`.
 */
export class CounterDelta {
  #previous: number | undefined;

  constructor(options: CounterDeltaOptions = {}) {
    this.#previous = options.beganAtZero === true ? 0 : undefined;
  }

  /**
   * The delta since the reading before. `undefined` at the first reading, which has nothing to be compared with, and
   * for a reading that no counter can have (negative or not finite), which is passed over.
   */
  next(reading: number): number | undefined {
    if (!Number.isFinite(reading) || reading < 0) return undefined;
    const previous = this.#previous;
    this.#previous = reading;
    if (previous === undefined) return undefined;
    return reading < previous ? reading : reading - previous;
  }
}
