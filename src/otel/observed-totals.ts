import type { IncrementPoint } from "../core/measured-metric.ts";

/** After this many collections without a total, its next value says nothing about a rate. */
const MAX_MISSED_COLLECTIONS = 3;
/** With more readings, those of totals that are no longer observed are forgotten. */
const MAX_READINGS = 10_000;

interface Reading {
  readonly total: number;
  /** The number of the collection. */
  readonly at: number;
}

/**
 * The increments of totals that callbacks observe (observable counters). A total may have been
 * counted by something that began long before this process, such as a database. So the first
 * reading of a total is where increments begin, and so is a reading after a pause, and one that is
 * lower than the reading before.
 *
 * The SDK itself takes the first reading as an increment, and the value after a fall too.
 */
export class ObservedTotals {
  readonly #readings = new Map<string, Reading>();
  #collection = 0;
  /** The number of the last collection before the latest pause. */
  #pausedAfter = 0;

  /** Call it once for each collection, before its totals. */
  begin(): void {
    this.#collection += 1;
    if (this.#readings.size <= MAX_READINGS) return;
    const oldest = this.#collection - MAX_MISSED_COLLECTIONS - 1;
    for (const [id, { at }] of this.#readings) if (at < oldest) this.#readings.delete(id);
  }

  /**
   * The process was paused since the last collection: what the totals have grown by meanwhile says
   * nothing about a rate.
   */
  pause(): void {
    this.#pausedAfter = this.#collection;
  }

  /**
   * @param id identifies the total: its instrument and its attributes.
   * @param total the value that was observed.
   */
  increment(id: string, total: number): Pick<IncrementPoint, "value" | "before"> {
    const last = this.#readings.get(id);
    this.#readings.set(id, { total, at: this.#collection });
    if (last === undefined) return { value: 0, before: total };
    const grown = total - last.total;
    if (grown < 0) return { value: 0 };
    const missed = this.#collection - last.at - 1;
    const isUnsteady = missed > MAX_MISSED_COLLECTIONS || last.at <= this.#pausedAfter;
    return isUnsteady ? { value: 0, before: grown } : { value: grown };
  }

  /**
   * The total after an increment of the SDK, which a view of the application has made of it. The
   * first increment is the total.
   */
  totalAfter(id: string, increment: number): number {
    return (this.#readings.get(id)?.total ?? 0) + increment;
  }
}
