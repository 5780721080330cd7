import type { ResolvedOptions } from "../config/options.ts";
import type { Sample } from "../core/sample.ts";
import { type SeriesKey, seriesId } from "../core/series-key.ts";
import { Pace, type Steps } from "../core/yielding-runner.ts";
import { defaultResolutions } from "../series/resolution.ts";
import { SeriesStore, type StoredSeries, type StoreOutcome } from "../series/series-store.ts";
import type { ViewValue } from "../views/view-value.ts";
import type { ForecasterMaker } from "./forecaster-maker.ts";
import type { SeriesForecaster } from "./series-forecaster.ts";
import { SeriesSaver } from "./series-saver.ts";

/** The series of an engine: the history of each, and its forecaster. */
export class EngineSeries {
  readonly store: SeriesStore;
  /** By the ids of their series. */
  readonly forecasters = new Map<string, SeriesForecaster>();
  /** What was learnt of the series, to be saved and restored. */
  readonly learning: SeriesSaver;
  readonly #stepMillis: number;
  readonly #maker: ForecasterMaker;
  readonly #onDropped: (reason: string, key: SeriesKey) => void;

  /** @param onDropped called for each number that can't be stored. */
  constructor(
    options: ResolvedOptions,
    maker: ForecasterMaker,
    onDropped: (reason: string, key: SeriesKey) => void,
  ) {
    this.#stepMillis = options.collectionIntervalMillis;
    this.#maker = maker;
    this.#onDropped = onDropped;
    this.store = new SeriesStore({
      maxSeries: options.maxSeries,
      expiryMillis: options.expiryMillis,
      resolutions: defaultResolutions(this.#stepMillis / 1000),
    });
    this.learning = new SeriesSaver(this.store, (id) => this.forecasters.get(id));
  }

  /** Marks series as alive. Returns those with a value, as far as they were there before. */
  *touch(
    values: readonly ViewValue[],
    kept: Iterable<string>,
    now: number,
  ): Steps<(StoredSeries | undefined)[]> {
    const pace = new Pace();
    const touched: (StoredSeries | undefined)[] = [];
    for (const { id } of values) {
      touched.push(this.store.touch(id, now));
      if (pace.isDue()) yield;
    }
    for (const id of kept) {
      this.store.touch(id, now);
      if (pace.isDue()) yield;
    }
    return touched;
  }

  /**
   * Stores a number. Returns the forecaster of its series; `undefined` if the series is not forecast, or the
   * number was dropped.
   *
   * @param stored The series, if it was there before.
   */
  append(made: ViewValue, now: number, stored: StoredSeries | undefined): SeriesForecaster | undefined {
    const { output, key, id, value } = made;
    if (!output.spec.isForecast) return undefined;
    const known = this.forecasters.get(id);
    const isNext = stored?.series.isNext(now) ?? false;
    if (!isNext) known?.catchUp();
    const outcome =
      stored === undefined
        ? this.store.append(key, { at: now, value }, this.#maker.storageOf(output), id)
        : this.#appendTo(stored, { at: now, value });
    if (outcome.outcome === "dropped") {
      this.#onDropped(outcome.reason, key);
      return undefined;
    }
    if (known !== undefined) return known;
    const series = this.store.get(id)?.series;
    // It was forgotten in a pause of this collection.
    if (series === undefined) return this.append(made, now, undefined);
    const forecaster = this.#maker.make(output, key, series);
    forecaster.restore(this.learning.take(id));
    if (!isNext) forecaster.catchUp();
    this.forecasters.set(id, forecaster);
    return forecaster;
  }

  /** Forgets series, with what was learnt of them. */
  forget(keys: readonly SeriesKey[]): void {
    for (const key of keys) {
      const id = seriesId(key);
      this.forecasters.get(id)?.remove();
      this.forecasters.delete(id);
      this.store.delete(id);
    }
  }

  /**
   * Stores a sample. A series that ends in the future was saved while the clock was ahead: it moves
   * back, to end one step before the sample.
   */
  #appendTo(stored: StoredSeries, sample: Sample): StoreOutcome {
    const outcome = this.store.appendTo(stored, sample);
    if (outcome.outcome === "stored" || outcome.reason !== "out_of_order") return outcome;
    const { series } = stored;
    const latestAt = series.latest?.at ?? sample.at;
    series.shift(sample.at - this.#stepMillis - latestAt);
    return this.store.appendTo(stored, sample);
  }
}
