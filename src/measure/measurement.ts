import type { ResolvedOptions } from "../config/options.ts";
import type { Hurry } from "../core/hurry.ts";
import type { SeriesKey } from "../core/series-key.ts";
import { type Steps, YieldingRunner } from "../core/yielding-runner.ts";
import type { SkipLog } from "../logging/skip-log.ts";
import { CumulativeSeries } from "../otel/cumulative-series.ts";
import type { ForecastProducer } from "../otel/forecast-producer.ts";
import { type IsGone, ViewProcessor, type ViewUse } from "../views/view-processor.ts";
import type { ViewValue } from "../views/view-value.ts";
import type { OwnInstruments } from "./instruments/own-instruments.ts";
import { type RecordedNumber, recordedLevels } from "./instruments/recorded-metrics.ts";
import { MeasuredPublication } from "./measured-publication.ts";
import type { Moment } from "./monitor-clock.ts";
import { ReaderSet } from "./reader-set.ts";
import { SavedWindows } from "./saved-windows.ts";
import { ScalabilityPublication } from "./scalability-publication.ts";
import type { Surroundings } from "./surroundings.ts";
import { WindowClock } from "./window-clock.ts";

/** How long a collection waits for callbacks. */
export const COLLECTION_TIMEOUT_MILLIS = 5000;

/** Receives the count of samples whose series were not kept, the reason, and an example. */
export type DroppedSeries = (reason: string, example: SeriesKey, count: number) => void;

/**
 * The first half of the data flow, from instruments to one number for each series: collects
 * all readers, applies the views over a sliding window, and publishes what was measured.
 */
export class Measurement {
  readonly readers: ReaderSet;
  /** Saves and restores the windows. */
  readonly windows: SavedWindows;
  readonly #surroundings: Surroundings;
  readonly #window: WindowClock;
  readonly #views: ViewProcessor;
  readonly #ledger: CumulativeSeries;
  readonly #published: MeasuredPublication;
  readonly #scalability: ScalabilityPublication;
  readonly #onDropped: DroppedSeries;
  readonly #skips: SkipLog;

  /**
   * @param parts.keepsLevels whether a level that is not measured any more counts until its source
   * has gone. Default: it does.
   */
  constructor(parts: {
    options: ResolvedOptions;
    surroundings: Surroundings;
    own: OwnInstruments;
    producer: ForecastProducer;
    skips: SkipLog;
    hurry: Hurry;
    onDropped: DroppedSeries;
    keepsLevels?: boolean;
  }) {
    const { options, surroundings, own, producer, skips } = parts;
    const { maxSeries, windowMillis, collectionIntervalMillis } = options;
    this.#surroundings = surroundings;
    this.#onDropped = parts.onDropped;
    this.#skips = skips;
    this.readers = new ReaderSet({
      own: own.reader,
      work: own,
      clock: surroundings,
      maxAttributeSets: maxSeries,
      timeoutMillis: COLLECTION_TIMEOUT_MILLIS,
      skips,
      hurry: parts.hurry,
    });
    this.#window = new WindowClock({
      windowMillis,
      intervalMillis: collectionIntervalMillis,
      // The clock of a monitor starts with it.
      startedAt: 0,
    });
    this.#views = new ViewProcessor({
      views: options.views,
      slices: this.#window.slices,
      maxSelections: maxSeries,
      keepsLevels: parts.keepsLevels ?? true,
    });
    this.windows = new SavedWindows(this.#window, this.#views, collectionIntervalMillis);
    this.#ledger = new CumulativeSeries(producer, 2 * maxSeries + 2000);
    this.#published = new MeasuredPublication(producer);
    this.#scalability = new ScalabilityPublication({
      producer,
      book: own.book,
      namespace: options.namespace,
      everyMillis: options.forecastIntervalMillis,
    });
  }

  /**
   * Collects once and adds what was measured to the windows of the views.
   *
   * @param runner that of the whole collection: the parts of one share slices of time.
   */
  async take(
    { now: machineNow, steadyMillis: now, ranMillis, pausedMillis }: Moment,
    runner: YieldingRunner,
  ): Promise<void> {
    const { own, application } = await this.readers.collect(now, pausedMillis > 0, runner);
    await runner.run(this.#ledger.take(own, now));
    for (let begun = this.#window.moveTo(ranMillis); begun > 0; begun -= 1)
      await runner.run(this.#views.advance());
    this.windows.collected(machineNow);
    await runner.run(this.#views.take(own, now, machineNow));
    await runner.run(this.#views.take(application, now, machineNow));
    this.#countDropped();
  }

  /**
   * Publishes the current number of each series and returns them.
   *
   * @param now milliseconds of a clock that nobody sets.
   */
  async values(now: number, runner: YieldingRunner): Promise<ViewValue[]> {
    const values = await runner.run(this.#views.values(this.#window));
    await runner.run(this.#published.publish(values));
    await runner.run(this.#scalability.publish(now));
    return values;
  }

  /**
   * Collects our instruments once more if the last collection made something be recorded at its end
   * (see `CollectionListener`). Without this the last of it would never be published.
   */
  async collectLate(): Promise<void> {
    if (!this.readers.hasMore) return;
    const now = this.#surroundings.now();
    const { own } = await this.readers.collect(now);
    await new YieldingRunner(this.#surroundings).run(this.#ledger.take(own, now));
  }

  /** Publishes numbers that were recorded by hand at once, not only after the next collection. */
  publishAtOnce(recorded: readonly RecordedNumber[]): void {
    const levels = this.#views.levelsOf(recordedLevels(recorded), this.#surroundings.now());
    for (const level of levels) this.#published.put(level);
    this.#countDropped();
  }

  /** What the views have selected so far. */
  get viewUse(): ViewUse {
    return this.#views.use;
  }

  /**
   * Forgets the sources that are gone. May pause at each `yield`.
   *
   * @param options.mayComeBack whether they may come back: then what they have counted today goes on.
   * @param options.onGone receives the keys of their series.
   */
  *forget(
    isGone: IsGone,
    { mayComeBack, onGone }: { mayComeBack: boolean; onGone(keys: SeriesKey[]): void },
  ): Steps<void> {
    const forgotten = (keys: SeriesKey[]): void => {
      this.#published.forget(keys);
      onGone(keys);
    };
    yield* this.#views.forget(isGone, { mayComeBack, onGone: forgotten });
    yield* this.#ledger.forget(isGone);
    yield* this.readers.expire(isGone);
  }

  #countDropped(): void {
    for (const { count, example } of [this.#views.takeDropped(), this.#ledger.takeDropped()])
      if (example !== undefined) this.#onDropped("max_series", example, count);
    const { count, example } = this.#views.takeEmptied();
    if (example !== undefined)
      this.#skips.skip(
        "other_buckets",
        () => `values that ${example.metric} was computed of; others came with other buckets`,
        count,
      );
  }
}
