import type { ResolvedOptions } from "../config/options.ts";
import type { Forecast } from "../core/forecast.ts";
import type { SeriesKey } from "../core/series-key.ts";
import { atOnce, Pace, type Steps, YieldingRunner } from "../core/yielding-runner.ts";
import type { ForecastProducer } from "../otel/forecast-producer.ts";
import type { Resolution } from "../series/resolution.ts";
import type { ResolvedOutput } from "../views/resolved-output.ts";
import type { ViewValue } from "../views/view-value.ts";
import { type ForecastFilter, forecastsOf, keysOf, type LearntFilter } from "./engine-filters.ts";
import { EngineSeries } from "./engine-series.ts";
import { type DueSeries, type FittingClock, FittingQueue } from "./fitting-queue.ts";
import { ForecasterMaker, type GateFor } from "./forecaster-maker.ts";
import { RestoredSeries } from "./restored-series.ts";
import type { SeriesForecaster } from "./series-forecaster.ts";
import type { PartedSeries, SavedSeries } from "./series-parts.ts";

/** Receives the duration of each run, and each sample that was dropped. */
export interface EngineObserver {
  ran(seconds: number): void;
  dropped(reason: string, key: SeriesKey): void;
}

const noGate: GateFor = () => undefined;
/** How many series are updated or published between two looks at the clock. */
const SERIES_BETWEEN = 8;
/** The share of the time in which the models of the last process are made again, after a start. */
const RESTORING_SHARE = 0.25;

/**
 * Stores the history of every series and forecasts it. Every collection updates the fitted models.
 * Forecasts are made of them when somebody reads them. Models are selected from time to time, within a
 * share of the time and in short slices, so that the event loop of the application is not blocked.
 */
export class ForecastEngine {
  readonly #options: ResolvedOptions;
  readonly #clock: FittingClock;
  readonly #observer: EngineObserver;
  readonly #maker: ForecasterMaker;
  readonly #series: EngineSeries;
  /** Series that were restored, and what a database knows of them. */
  readonly restored: RestoredSeries;
  readonly #fitting = new FittingQueue();
  /** The number of collections so far. */
  #turn = 0;
  /** The last collection that has come to all series. */
  #wholeTurn = 0;

  constructor(parts: {
    options: ResolvedOptions;
    producer: ForecastProducer;
    clock: FittingClock;
    observer: EngineObserver;
    /** Absent: no method has learned weights. */
    gate?: GateFor;
  }) {
    const { options } = parts;
    this.#options = options;
    this.#clock = parts.clock;
    this.#observer = parts.observer;
    this.#maker = new ForecasterMaker(options, parts.producer, parts.gate ?? noGate);
    this.#series = new EngineSeries(options, this.#maker, (reason, key) =>
      parts.observer.dropped(reason, key),
    );
    this.restored = new RestoredSeries(this.#series.store);
  }

  /**
   * The number of collections that have come to all series. A series with this turn or the next one had
   * a value in the last collection: one that is under way has not come to all series yet.
   */
  get turn(): number {
    return this.#wholeTurn;
  }

  get seriesCount(): number {
    return this.#series.forecasters.size;
  }

  /** Every series with what was learnt of it, as plain data. Each is as it is when it is read. */
  saved(): Iterable<SavedSeries> {
    return this.#series.learning.saved();
  }

  /** The same in parts, of which only what has changed needs to be saved. */
  parts(isWanted: (key: SeriesKey) => boolean): Iterable<PartedSeries> {
    return this.#series.learning.parts(isWanted);
  }

  /** The keys of the series for which the test holds, also of those that were only restored. */
  keysOf(test: (key: SeriesKey) => boolean): SeriesKey[] {
    return Array.from(this.#series.store, ({ key }) => key).filter(test);
  }

  /**
   * Takes over a series that a process before this one saved, unless this one has it already.
   *
   * @returns false if the value is no such series.
   */
  restore(saved: unknown, now: number): boolean {
    return this.#series.learning.restore(saved, now);
  }

  /** Whether it stores a series with this `seriesId`. */
  has(id: string): boolean {
    return this.#series.store.get(id) !== undefined;
  }

  /** The tiers that a new series of an output is stored in. */
  tiersOf(output: ResolvedOutput): readonly Resolution[] {
    return this.#series.store.tiersFor(this.#maker.storageOf(output).horizonSeconds);
  }

  /** Removes the series that are too old, of those that were restored. */
  expireRestored(now: number): void {
    atOnce(this.#series.store.expire(now));
  }

  /**
   * When the series was forecast whose last forecast is the oldest, in epoch milliseconds;
   * `undefined` without forecasts. Series without a number stand still, and do not count. O(series).
   */
  get oldestForecastAt(): number | undefined {
    // A collection that is under way has not come to all series yet.
    const previous = this.#turn - 1;
    let oldest: number | undefined;
    for (const { forecastAt, turn } of this.#series.forecasters.values()) {
      if (forecastAt === undefined || turn < previous) continue;
      if (!(forecastAt >= (oldest ?? Number.POSITIVE_INFINITY))) oldest = forecastAt;
    }
    return oldest;
  }

  /** The forecasters of all series. */
  get forecasters(): Iterable<SeriesForecaster> {
    return this.#series.forecasters.values();
  }

  /**
   * Takes the numbers of one collection, updates the models, and fits those that are due.
   *
   * @param kept Ids of series that have no usable number in this collection. They do not expire,
   * and neither do series with a number.
   * @param slices those of the whole collection.
   */
  async take(
    values: readonly ViewValue[],
    now: number,
    kept: Iterable<string> = [],
    slices = new YieldingRunner(this.#clock),
  ): Promise<void> {
    const startedAt = this.#clock.elapsedMillis();
    const touched = await slices.run(this.#series.touch(values, kept, now));
    const expired = await slices.run(this.#series.store.expire(now));
    this.forget(expired);
    // A series whose samples are in the future has expired although it has a value now.
    const stored = expired.length === 0 ? touched : values.map(({ id }) => this.#series.store.get(id));
    this.#turn += 1;
    this.#maker.postponed.begin(this.#turn, now);
    const restoringUntil = startedAt + this.#options.collectionIntervalMillis * RESTORING_SHARE;
    const due: DueSeries[] = [];
    const pace = new Pace(SERIES_BETWEEN);
    for (let index = 0; index < values.length; index++) {
      const made = values[index] as ViewValue;
      const forecaster = this.#series.append(made, now, stored[index]);
      if (forecaster === undefined) continue;
      if (forecaster.hasSaved) await this.#makeSaved(forecaster, restoringUntil, slices);
      if (made.window !== undefined || !forecaster.postpone(this.#turn, now, made.value)) {
        forecaster.feed(this.#turn, now, made.value);
        if (forecaster.isDue(now)) due.push({ forecaster, made });
        else forecaster.review(made.window);
      }
      if (pace.isDue() && slices.isDue) await slices.pause();
    }
    this.#wholeTurn = this.#turn;
    const silent = await slices.run(this.#silent(now));
    await this.#fitting.refit([...due, ...silent], now, {
      clock: this.#clock,
      slices,
      millis: this.#options.collectionIntervalMillis,
    });
    this.#observer.ran((this.#clock.elapsedMillis() - startedAt) / 1000);
  }

  /**
   * Publishes all forecasts that have changed. Whoever is about to read them calls it.
   *
   * @param onError called for a series that can't be forecast: it costs no other one its forecast.
   */
  *publish(onError: (error: unknown) => void): Steps<void> {
    const pace = new Pace(SERIES_BETWEEN);
    for (const forecaster of this.#series.forecasters.values()) {
      try {
        forecaster.publish();
      } catch (error) {
        onError(error);
      }
      if (pace.isDue()) yield;
    }
  }

  /** Moves all series and their past forecasts in time, after the clock was set. */
  shift(millis: number): void {
    // First the forecasters: they may still need values from before.
    for (const forecaster of this.#series.forecasters.values()) forecaster.shift(millis);
    this.#series.store.shift(millis);
  }

  /** The process was paused for so long: no series expires because of it. */
  pause(millis: number): void {
    this.#series.store.pause(millis);
  }

  /** Publishes that no forecast is that of the present. The next `take` publishes otherwise. */
  standStill(): void {
    for (const forecaster of this.#series.forecasters.values()) forecaster.standStill();
  }

  forget(keys: readonly SeriesKey[]): void {
    this.#series.forget(keys);
  }

  forecasts(filter: ForecastFilter = {}): Forecast[] {
    return forecastsOf(this.forecasters, filter);
  }

  /**
   * Forgets the history and the models of series, which then warm up again. Returns how many there
   * were.
   */
  forgetLearnt(filter: LearntFilter): number {
    const keys = keysOf(this.forecasters, filter);
    this.forget(keys);
    return keys.length;
  }

  /** Makes the models of the last process again, as far as there is time. */
  async #makeSaved(forecaster: SeriesForecaster, until: number, slices: YieldingRunner): Promise<void> {
    while (forecaster.hasSaved && this.#clock.elapsedMillis() < until) {
      forecaster.makeSaved();
      if (slices.isDue) await slices.pause();
    }
  }

  /** Publishes that series without a number stand still. Returns those that need a new model. */
  *#silent(now: number): Steps<DueSeries[]> {
    const pace = new Pace();
    const due: DueSeries[] = [];
    for (const forecaster of this.#series.forecasters.values()) {
      if (pace.isDue()) yield;
      if (forecaster.turn === this.#turn) continue;
      forecaster.standStill();
      if (forecaster.isDue(now)) due.push({ forecaster });
    }
    return due;
  }
}
