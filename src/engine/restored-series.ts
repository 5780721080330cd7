import { type SeriesKey, seriesId } from "../core/series-key.ts";
import type { Resolution } from "../series/resolution.ts";
import { type SeriesSnapshot, samplesOf } from "../series/series-snapshot.ts";
import type { SeriesStore, StoredSeries } from "../series/series-store.ts";

/** Samples that are more steps apart than this have a gap between them. */
const GAP_STEPS = 1.5;

/** A stored series that lacks what is newer. */
export interface SilentSeries {
  /** The time of its newest sample, in epoch milliseconds. */
  readonly newestAt: number;
  /** The series now; `undefined` if it is not stored any more. */
  snapshot(): SeriesSnapshot | undefined;
}

/** A series as a database has it. */
export interface DatabaseSeries {
  readonly key: SeriesKey;
  readonly snapshot: SeriesSnapshot;
  /** The tiers that it is stored in. */
  readonly resolutions: readonly Resolution[];
  /** Whether this is all that the database knows. */
  readonly isAnswered: boolean;
}

/** Completes series that were restored, or were interrupted, with what a database knows. */
export class RestoredSeries {
  readonly #store: SeriesStore;
  readonly #completed = new WeakSet<StoredSeries>();
  /** Series that had no value for a while, of which the database knows no more. */
  readonly #sparse = new WeakSet<StoredSeries>();

  constructor(store: SeriesStore) {
    this.#store = store;
  }

  /** The restored series of this id, if it has no value since, and was not completed. */
  silent(id: string): SilentSeries | undefined {
    const stored = this.#store.silent(id);
    const newestAt = stored?.series.latest?.at;
    if (stored === undefined || newestAt === undefined || this.#completed.has(stored)) return undefined;
    return { newestAt, snapshot: () => this.#store.get(id)?.series.snapshot() };
  }

  /** The series of this id, if it had values in this process, but none since a time. */
  interrupted(id: string, since: number): SilentSeries | undefined {
    const stored = this.#store.get(id);
    if (stored === undefined || this.#sparse.has(stored) || this.#store.silent(id) !== undefined)
      return undefined;
    const newestAt = stored.series.latestAt;
    return newestAt < since ? { newestAt, snapshot: () => stored.series.snapshot() } : undefined;
  }

  /** A series has a value, which is not stored yet: it does not expire. */
  touch(id: string, now: number): void {
    this.#store.touch(id, now);
  }

  /**
   * Takes over a series of a database. It replaces what was restored of it. A series that had values in this
   * process gets those that are newer.
   */
  complete(found: DatabaseSeries, now: number): void {
    const id = seriesId(found.key);
    const known = this.#store.silent(id);
    const interrupted = known === undefined ? this.#store.get(id) : undefined;
    if (interrupted === undefined) this.#replace(found, known, now);
    else this.#continue(interrupted, found);
  }

  #replace(
    { key, snapshot, resolutions }: DatabaseSeries,
    known: StoredSeries | undefined,
    now: number,
  ): void {
    const id = seriesId(key);
    if (known !== undefined) this.#store.delete(id);
    const { fold = "mean", touchedAt = now } = known ?? {};
    this.#store.restore({ key, fold, touchedAt, ...snapshot }, now, resolutions);
    const stored = this.#store.get(id);
    if (stored !== undefined) this.#completed.add(stored);
  }

  #continue(stored: StoredSeries, { snapshot, isAnswered }: DatabaseSeries): void {
    const [finest] = snapshot.tiers;
    if (finest === undefined) return;
    const stepMillis = finest.stepSeconds * 1000;
    const newestAt = stored.series.latestAt;
    const newer = samplesOf(finest).filter(({ at }) => at > newestAt + stepMillis / 2);
    const [first] = newer;
    const hasGap = first !== undefined && first.at - newestAt > GAP_STEPS * stepMillis;
    if (hasGap && isAnswered) this.#sparse.add(stored);
    for (const sample of newer) this.#store.appendTo(stored, sample);
  }
}
