import { type SeriesKey, seriesId } from "../core/series-key.ts";
import { type SeriesStore, type StoredSeries, storedSnapshotOf } from "../series/series-store.ts";
import { isStoredSeriesSnapshot } from "../series/store-snapshot.ts";
import type { SavedLearnt } from "./learnt-schema.ts";
import { type PartedSeries, type SavedSeries, SeriesParts } from "./series-parts.ts";

/** Has learnt of a series. */
interface Learner {
  /** Another number after each change of what was learnt. */
  readonly changes: number;
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
  readonly #parts = new SeriesParts();

  constructor(store: SeriesStore, learnerOf: (id: string) => Learner | undefined) {
    this.#store = store;
    this.#learnerOf = learnerOf;
  }

  /** Every series. */
  *saved(): Iterable<SavedSeries> {
    for (const stored of this.#all())
      yield { ...storedSnapshotOf(stored), ...learntOf(this.#learntOf(stored.id)) };
  }

  /** @param isWanted which series. */
  *parts(isWanted: (key: SeriesKey) => boolean): Iterable<PartedSeries> {
    for (const stored of this.#all()) {
      if (!isWanted(stored.key)) continue;
      const changes = this.#learnerOf(stored.id)?.changes;
      yield this.#parts.of(stored, { changes, saved: () => learntOf(this.#learntOf(stored.id)) });
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

  /** Those that there are now, but for those that are deleted meanwhile. */
  *#all(): Iterable<StoredSeries> {
    const ids = Array.from(this.#store, ({ id }) => id);
    const stored = new Set(ids);
    for (const id of this.#waiting.keys()) if (!stored.has(id)) this.#waiting.delete(id);
    for (const id of ids) {
      const series = this.#store.get(id);
      if (series !== undefined) yield series;
    }
  }

  #learntOf(id: string): unknown {
    return this.#learnerOf(id)?.saved() ?? this.#waiting.get(id);
  }
}

function learntOf(learnt: unknown): Pick<SavedSeries, "learnt"> {
  return learnt === undefined ? {} : { learnt };
}
