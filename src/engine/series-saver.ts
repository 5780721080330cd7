import { type SeriesKey, seriesId } from "../core/series-key.ts";
import type { SeriesStore } from "../series/series-store.ts";
import { isStoredSeriesSnapshot, type StoredSeriesSnapshot } from "../series/store-snapshot.ts";
import type { SavedLearnt } from "./learnt-schema.ts";

/** A series with what was learnt of it, as plain data. */
export interface SavedSeries extends StoredSeriesSnapshot {
  readonly learnt?: unknown;
}

/** Has learnt of a series. */
interface Learner {
  saved(): SavedLearnt;
}

/**
 * Saves and restores series with what was learnt of them. What was learnt of a restored series
 * waits here until the series has its first value: only then it is known how it is forecast.
 */
export class SeriesSaver {
  readonly #store: SeriesStore;
  readonly #learnerOf: (id: string) => Learner | undefined;
  readonly #waiting = new Map<string, unknown>();

  constructor(store: SeriesStore, learnerOf: (id: string) => Learner | undefined) {
    this.#store = store;
    this.#learnerOf = learnerOf;
  }

  /** @param isWanted which series. Default: all. */
  *saved(isWanted: (key: SeriesKey) => boolean = () => true): Iterable<SavedSeries> {
    const all = Array.from(this.#store);
    const stored = new Set(all.map(({ id }) => id));
    const ids = all.filter(({ key }) => isWanted(key)).map(({ id }) => id);
    for (const id of this.#waiting.keys()) if (!stored.has(id)) this.#waiting.delete(id);
    for (const id of ids) {
      const series = this.#store.snapshotOf(id);
      if (series === undefined) continue;
      const learnt = this.#learnerOf(id)?.saved() ?? this.#waiting.get(id);
      yield learnt === undefined ? series : { ...series, learnt };
    }
  }

  restore(saved: unknown, now: number): boolean {
    if (!isStoredSeriesSnapshot(saved)) return false;
    const { key, learnt }: SavedSeries = saved;
    if (this.#store.restore(saved, now) && learnt !== undefined) this.#waiting.set(seriesId(key), learnt);
    return true;
  }

  /** What was learnt of a series; handed out once. */
  take(id: string): unknown {
    const learnt = this.#waiting.get(id);
    this.#waiting.delete(id);
    return learnt;
  }
}
