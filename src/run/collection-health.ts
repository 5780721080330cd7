import { COLLECTION_TIMEOUT_MILLIS } from "../measure/measurement.ts";
import type { Moment, MonitorClock } from "../measure/monitor-clock.ts";

/** The number of intervals that the last collection may be old. */
const INTERVALS = 3;

/** What `/health` answers. */
export interface Health {
  readonly healthy: boolean;
  readonly lastCollectionAt: string;
  readonly secondsSinceCollection: number;
  readonly series: number;
}

type Collected = Pick<Moment, "now" | "steadyMillis">;

/** How old the last collection is, and whether that is too old. */
export class CollectionHealth {
  readonly #clock: MonitorClock;
  readonly #mostMillis: number;
  #last: Collected;

  constructor(clock: MonitorClock, intervalMillis: number) {
    this.#clock = clock;
    this.#mostMillis = INTERVALS * intervalMillis + COLLECTION_TIMEOUT_MILLIS;
    this.#last = { now: clock.now(), steadyMillis: clock.steadyMillis() };
  }

  collected(moment: Collected): void {
    this.#last = moment;
  }

  now(): Omit<Health, "series"> {
    const since = this.#clock.steadyMillis() - this.#last.steadyMillis;
    return {
      healthy: since <= this.#mostMillis,
      lastCollectionAt: new Date(this.#last.now).toISOString(),
      secondsSinceCollection: Math.max(0, since / 1000),
    };
  }
}
