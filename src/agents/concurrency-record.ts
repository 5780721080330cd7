import type { ScalabilityPoint } from "../math/scalability-law.ts";

/** Levels of concurrency that are told apart between one and twice as much. */
const LEVELS_PER_DOUBLING = 4;
/** Levels above 2^16 tasks at once count with the highest. */
const MAX_LEVEL = 16 * LEVELS_PER_DOUBLING;
/** A stretch of work is a point once so many tasks ended in it: fewer say little of a rate. */
const TASKS_OF_POINT = 10;
/** What a level remembers, in tasks; when there are more, older ones count less and less. */
const TASKS_OF_LEVEL = 1000;

interface Stretch {
  busyMillis: number;
  /** Integral over time of how many tasks were active. */
  activeMillis: number;
  ended: number;
}

/**
 * Pairs of concurrency and throughput of one agent, as they occur: how many tasks were active on average while any was,
 * and how many ended a second of that time. They are kept by level of concurrency, so that the memory is bounded and a
 * level that was seen once is not forgotten for being rare.
 */
export class ConcurrencyRecord {
  #open: Stretch = { busyMillis: 0, activeMillis: 0, ended: 0 };
  readonly #levels = new Map<number, Stretch>();

  /** So many tasks were active for so long. */
  pass(millis: number, active: number): void {
    if (active <= 0 || !(millis > 0)) return;
    this.#open.busyMillis += millis;
    this.#open.activeMillis += millis * active;
  }

  /** A task whose beginning was seen has ended. */
  end(): void {
    this.#open.ended += 1;
  }

  /** Ends a stretch of time, once enough was done in it. */
  close(): void {
    const { ended, busyMillis, activeMillis } = this.#open;
    if (ended < TASKS_OF_POINT || busyMillis <= 0) return;
    const doublings = Math.log2(activeMillis / busyMillis);
    const level = Math.min(MAX_LEVEL, Math.round(doublings * LEVELS_PER_DOUBLING));
    const before = this.#levels.get(level) ?? { busyMillis: 0, activeMillis: 0, ended: 0 };
    const kept = Math.min(1, TASKS_OF_LEVEL / (before.ended + ended));
    this.#levels.set(level, {
      busyMillis: kept * (before.busyMillis + busyMillis),
      activeMillis: kept * (before.activeMillis + activeMillis),
      ended: kept * (before.ended + ended),
    });
    this.#open = { busyMillis: 0, activeMillis: 0, ended: 0 };
  }

  /** One point for each level; a rate that n tasks tell is off by its root of 1/n. */
  points(): ScalabilityPoint[] {
    return Array.from(this.#levels.values(), ({ busyMillis, activeMillis, ended }) => {
      const throughput = (1000 * ended) / busyMillis;
      return { concurrency: activeMillis / busyMillis, throughput, weight: ended / throughput ** 2 };
    });
  }
}
