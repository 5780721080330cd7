import { type SeriesKey, seriesId } from "../core/series-key.ts";
import type { Resolution } from "../series/resolution.ts";
import type { SeriesSnapshot } from "../series/series-snapshot.ts";
import type { SeriesStore, StoredSeries } from "../series/series-store.ts";

/** A restored series without a value since. */
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
}

/** Completes series that were restored with what a database knows. */
export class RestoredSeries {
  readonly #store: SeriesStore;
  readonly #completed = new WeakSet<StoredSeries>();

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

  /** A series has a value, which is not stored yet: it does not expire. */
  touch(id: string, now: number): void {
    this.#store.touch(id, now);
  }

  /** Takes over a series of a database. It replaces what was restored of it. */
  complete({ key, snapshot, resolutions }: DatabaseSeries, now: number): void {
    const id = seriesId(key);
    const known = this.#store.silent(id);
    if (known !== undefined) this.#store.delete(id);
    const { fold = "mean", touchedAt = now } = known ?? {};
    this.#store.restore({ key, fold, touchedAt, ...snapshot }, now, resolutions);
    const stored = this.#store.get(id);
    if (stored !== undefined) this.#completed.add(stored);
  }
}
