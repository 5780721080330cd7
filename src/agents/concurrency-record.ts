import type { ScalabilityPoint } from "../math/scalability-law.ts";

/** Levels of concurrency per doubling of the number of active tasks. */
const LEVELS_PER_DOUBLING = 4;
/** The highest level: 2^16 active tasks or more. */
const MAX_LEVEL = 16 * LEVELS_PER_DOUBLING;
/** A period needs this many ended tasks. A rate of fewer tasks is too uncertain. */
const MIN_TASKS_PER_PERIOD = 10;
/** A level remembers this many tasks. Beyond that, older tasks count less and less. */
const MAX_TASKS_PER_LEVEL = 1000;

/** What happened while at least one task was active. */
interface BusyTime {
  busyMillis: number;
  /** The number of active tasks, integrated over time. */
  activeMillis: number;
  ended: number;
}

/**
 * Pairs of concurrency and throughput of one agent. Concurrency is the mean number of active tasks
 * while at least one is active. Throughput is the number of tasks that end per second of that time.
 *
 * Pairs are averaged per level of concurrency. So the memory is bounded, and a level that occurs
 * rarely is not forgotten.
 */
export class ConcurrencyRecord {
  #open: BusyTime = { busyMillis: 0, activeMillis: 0, ended: 0 };
  /** Allocated by the first period with enough tasks. */
  #levels: Map<number, BusyTime> | undefined;

  /** Adds time in which `active` tasks were active, at least one. */
  addTime(millis: number, active: number): void {
    if (!(millis > 0)) return;
    this.#open.busyMillis += millis;
    this.#open.activeMillis += millis * active;
  }

  /** Counts the end of a task whose start was recorded. */
  countEnd(): void {
    this.#open.ended += 1;
  }

  /** Drops the current period: for a part of it the process was paused. */
  dropPeriod(): void {
    this.#open = { busyMillis: 0, activeMillis: 0, ended: 0 };
  }

  /** Ends the current period if enough tasks ended in it, and adds it to its level. */
  closePeriod(): void {
    const { ended, busyMillis, activeMillis } = this.#open;
    if (ended < MIN_TASKS_PER_PERIOD || busyMillis <= 0) return;
    const doublings = Math.log2(activeMillis / busyMillis);
    const level = Math.min(MAX_LEVEL, Math.round(doublings * LEVELS_PER_DOUBLING));
    this.#levels ??= new Map();
    const before = this.#levels.get(level) ?? { busyMillis: 0, activeMillis: 0, ended: 0 };
    const kept = Math.min(1, MAX_TASKS_PER_LEVEL / (before.ended + ended));
    this.#levels.set(level, {
      busyMillis: kept * (before.busyMillis + busyMillis),
      activeMillis: kept * (before.activeMillis + activeMillis),
      ended: kept * (before.ended + ended),
    });
    this.#open = { busyMillis: 0, activeMillis: 0, ended: 0 };
  }

  /** One point per level. The relative error of a rate of n tasks is the square root of 1/n. */
  points(): ScalabilityPoint[] {
    return Array.from(this.#levels?.values() ?? [], ({ busyMillis, activeMillis, ended }) => {
      const throughput = (1000 * ended) / busyMillis;
      return { concurrency: activeMillis / busyMillis, throughput, weight: ended / throughput ** 2 };
    });
  }
}
