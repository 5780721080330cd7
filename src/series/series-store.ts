import type { Sample } from "../core/sample.ts";
import { type SeriesKey, seriesId } from "../core/series-key.ts";
import { Pace, type Steps } from "../core/yielding-runner.ts";
import type { FoldKind } from "./fold.ts";
import { checkResolutions, type Resolution } from "./resolution.ts";
import type { TierEnd } from "./series-snapshot.ts";
import type { StoredSeriesSnapshot } from "./store-snapshot.ts";
import { type AppendOutcome, TieredSeries, tiersUpTo } from "./tiered-series.ts";

/** The limits of a store, and how its series are stored. */
export interface SeriesStoreOptions {
  readonly maxSeries: number;
  /** `expire` removes a series that has no sample for longer than this. */
  readonly expiryMillis: number;
  /** Tiers of a series, from fine to coarse. */
  readonly resolutions: readonly Resolution[];
}

/** How a new series is stored. */
export interface SeriesStorage {
  /** How the samples of a slot become one value (default `mean`). */
  readonly fold?: FoldKind;
  /** The longest horizon. Tiers that it needs not are left out. Absent: all tiers are kept. */
  readonly horizonSeconds?: number | undefined;
}

/** A series with its key and its fold. */
export interface StoredSeries {
  readonly id: string;
  readonly key: SeriesKey;
  readonly fold: FoldKind;
  readonly series: TieredSeries;
  /** When it was last marked as alive without a sample; `NEVER` if it was not. */
  touchedAt: number;
}

/** What happened to a sample. */
export type StoreOutcome = AppendOutcome | { readonly outcome: "dropped"; readonly reason: "max_series" };

const NEVER = Number.NEGATIVE_INFINITY;

const MAX_SERIES: StoreOutcome = { outcome: "dropped", reason: "max_series" };

/**
 * All series, limited in number and in age. A new series beyond `maxSeries` is refused, so that
 * existing forecasts stay complete. `expire` and `delete` make room.
 */
export class SeriesStore implements Iterable<StoredSeries> {
  readonly #options: SeriesStoreOptions;
  readonly #series = new Map<string, StoredSeries>();
  /** Restored series without a sample since. */
  readonly #silent = new Set<string>();

  constructor(options: SeriesStoreOptions) {
    if (!Number.isInteger(options.maxSeries) || options.maxSeries < 1) {
      throw new RangeError(`maxSeries: expected a whole number of at least 1, got ${options.maxSeries}`);
    }
    if (!(options.expiryMillis > 0)) {
      throw new RangeError(`expiryMillis: expected a positive number, got ${options.expiryMillis}`);
    }
    checkResolutions(options.resolutions);
    this.#options = options;
  }

  [Symbol.iterator](): Iterator<StoredSeries> {
    return this.#series.values();
  }

  /** The series with this `seriesId`. */
  get(id: string): StoredSeries | undefined {
    return this.#series.get(id);
  }

  /** The tiers of a series whose longest horizon this is; `undefined`: all tiers. */
  tiersFor(horizonSeconds: number | undefined): readonly Resolution[] {
    const { resolutions } = this.#options;
    return horizonSeconds === undefined ? resolutions : tiersUpTo(resolutions, horizonSeconds);
  }

  /** Marks a series as alive at `now`, without a sample. Returns it, if there is one of this id. */
  touch(id: string, now: number): StoredSeries | undefined {
    const stored = this.#series.get(id);
    if (stored !== undefined) stored.touchedAt = now;
    return stored;
  }

  /** Removes a series; false when there is none of this id. */
  delete(id: string): boolean {
    this.#silent.delete(id);
    return this.#series.delete(id);
  }

  /**
   * Adds a sample to its series. `storage` is used when the series is new. Never throws.
   *
   * @param id that of the key, if it is known.
   */
  append(
    key: SeriesKey,
    sample: Sample,
    { fold = "mean", horizonSeconds }: SeriesStorage = {},
    id = seriesId(key),
  ): StoreOutcome {
    const stored = this.#series.get(id);
    if (stored !== undefined) return this.appendTo(stored, sample);
    if (!this.#makeRoom()) return MAX_SERIES;
    const series = new TieredSeries({ resolutions: this.tiersFor(horizonSeconds), fold });
    const outcome = series.append(sample);
    if (outcome.outcome === "stored") this.#series.set(id, { id, key, fold, series, touchedAt: NEVER });
    return outcome;
  }

  /** Adds a sample to a series of the store. */
  appendTo({ id, series }: StoredSeries, sample: Sample): AppendOutcome {
    if (this.#silent.size > 0) this.#silent.delete(id);
    return series.append(sample);
  }

  /** Moves all series in time, after the clock was set. */
  shift(millis: number): void {
    for (const stored of this.#series.values()) {
      stored.series.shift(millis);
      stored.touchedAt += millis;
    }
  }

  /** Nothing could be heard for so long: no series was silent meanwhile. */
  pause(millis: number): void {
    for (const stored of this.#series.values()) stored.touchedAt = heardAt(stored) + millis;
  }

  /**
   * Removes and returns every series that was neither sampled nor touched within the expiry. A
   * series whose newest sample is that far in the future is removed too, because it would refuse
   * all samples until then. O(series), in small steps.
   */
  *expire(now: number): Steps<SeriesKey[]> {
    const gone: SeriesKey[] = [];
    const pace = new Pace();
    for (const stored of this.#series.values()) {
      if (pace.isDue()) yield;
      if (Math.abs(now - heardAt(stored)) <= this.#options.expiryMillis) continue;
      this.delete(stored.id);
      gone.push(stored.key);
    }
    return gone;
  }

  /**
   * Takes over a saved series, if there is room. A series that exists stays as it is. Until it has
   * a sample, a restored series makes room for others.
   *
   * @param now in epoch milliseconds. Nothing is restored to a time after it.
   * @param resolutions the tiers that it is stored in. Default: all.
   * @returns whether the series was restored.
   */
  restore(saved: StoredSeriesSnapshot, now: number, resolutions = this.#options.resolutions): boolean {
    const { key, fold, touchedAt } = saved;
    const id = seriesId(key);
    if (this.#series.has(id) || this.#series.size >= this.#options.maxSeries) return false;
    const series = TieredSeries.restore(saved, { resolutions, fold }, now);
    this.#series.set(id, { id, key, fold, series, touchedAt: Math.min(touchedAt ?? NEVER, now) });
    this.#silent.add(id);
    return true;
  }

  /** A restored series without a sample since; `undefined` if there is none of this id. */
  silent(id: string): StoredSeries | undefined {
    return this.#silent.has(id) ? this.#series.get(id) : undefined;
  }

  #makeRoom(): boolean {
    if (this.#series.size < this.#options.maxSeries) return true;
    for (const id of this.#silent) return this.delete(id);
    return false;
  }
}

/** When a series was last sampled or marked as alive. */
function heardAt({ series: { latestAt }, touchedAt }: StoredSeries): number {
  return Number.isNaN(latestAt) ? touchedAt : Math.max(latestAt, touchedAt);
}

/**
 * A series as plain data.
 *
 * @param since only the values from here on. Default: all.
 */
export function storedSnapshotOf(
  { key, fold, series, touchedAt }: StoredSeries,
  since?: readonly TierEnd[],
): StoredSeriesSnapshot {
  return { key, fold, ...(touchedAt === NEVER ? {} : { touchedAt }), ...series.snapshot(since) };
}
