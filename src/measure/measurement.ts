import type { ResolvedOptions } from "../config/options.ts";
import type { SeriesKey } from "../core/series-key.ts";
import { YieldingRunner } from "../core/yielding-runner.ts";
import type { SkipLog } from "../logging/skip-log.ts";
import { CumulativeSeries } from "../otel/cumulative-series.ts";
import type { ForecastProducer } from "../otel/forecast-producer.ts";
import type { ViewValue } from "../views/selection.ts";
import { type IsGone, ViewProcessor } from "../views/view-processor.ts";
import type { OwnInstruments } from "./instruments/own-instruments.ts";
import { type RecordedNumber, recordedLevels } from "./instruments/recorded-metrics.ts";
import { MeasuredPublication } from "./measured-publication.ts";
import { ReaderSet } from "./reader-set.ts";
import { ScalabilityPublication } from "./scalability-publication.ts";
import type { Surroundings } from "./surroundings.ts";
import { WindowClock } from "./window-clock.ts";

/** A collection waits so long for callbacks at most. */
export const COLLECTION_TIMEOUT_MILLIS = 5000;

/** When a collection is: epoch milliseconds, and milliseconds of a clock that never goes back. */
export interface CollectionTime {
  readonly now: number;
  readonly elapsedMillis: number;
}

/** Receives how many samples of series were not kept, why, and an example. */
export type DroppedSeries = (reason: string, count: number, example: string) => void;

/**
 * The first half of the way of the data, from instruments to one number for each series: collects, looks at it through
 * the views over a sliding window, and gives out what was measured.
 */
export class Measurement {
  readonly readers: ReaderSet;
  readonly #surroundings: Surroundings;
  readonly #window: WindowClock;
  readonly #views: ViewProcessor;
  readonly #ledger: CumulativeSeries;
  readonly #published: MeasuredPublication;
  readonly #scalability: ScalabilityPublication;
  readonly #onDropped: DroppedSeries;

  constructor(parts: {
    options: ResolvedOptions;
    surroundings: Surroundings;
    own: OwnInstruments;
    producer: ForecastProducer;
    skips: SkipLog;
    onDropped: DroppedSeries;
  }) {
    const { options, surroundings, own, producer, skips } = parts;
    const { maxSeries, windowMillis, collectionIntervalMillis } = options;
    this.#surroundings = surroundings;
    this.#onDropped = parts.onDropped;
    this.readers = new ReaderSet({
      own: own.reader,
      maxAttributeSets: maxSeries,
      timeoutMillis: COLLECTION_TIMEOUT_MILLIS,
      skips,
    });
    this.#window = new WindowClock({
      windowMillis,
      intervalMillis: collectionIntervalMillis,
      startedAt: surroundings.elapsedMillis(),
    });
    this.#views = new ViewProcessor({
      views: options.views,
      slices: this.#window.slices,
      maxSelections: maxSeries,
    });
    this.#ledger = new CumulativeSeries(producer, 2 * maxSeries + 2000);
    this.#published = new MeasuredPublication(producer);
    this.#scalability = new ScalabilityPublication({
      producer,
      book: own.book,
      namespace: options.namespace,
      everyMillis: options.forecastIntervalMillis,
    });
  }

  /** Collects once, and takes what was measured into the windows of the views. */
  async take({ now, elapsedMillis }: CollectionTime): Promise<void> {
    const { own, application } = await this.readers.collect();
    const runner = new YieldingRunner(this.#surroundings);
    await runner.run(this.#ledger.take(own, now));
    for (let begun = this.#window.moveTo(elapsedMillis); begun > 0; begun -= 1)
      await runner.run(this.#views.advance());
    await runner.run(this.#views.take(own, now));
    await runner.run(this.#views.take(application, now));
    this.#countDropped();
  }

  /** The numbers of now, which are published too. */
  async values(now: number): Promise<ViewValue[]> {
    const runner = new YieldingRunner(this.#surroundings);
    const values = await runner.run(this.#views.values(this.#window.coveredSeconds));
    await runner.run(this.#published.publish(values));
    await runner.run(this.#scalability.publish(now));
    return values;
  }

  /** What is recorded only after a collection has shown whose it is would else never be given out. */
  async collectWhatWaited(): Promise<void> {
    if (!this.readers.hasMore) return;
    const { own } = await this.readers.collect();
    await new YieldingRunner(this.#surroundings).run(this.#ledger.take(own, this.#surroundings.now()));
  }

  /** What was recorded by hand is on `/metrics` at once, not only after the next collection. */
  publishAtOnce(recorded: readonly RecordedNumber[]): void {
    const levels = this.#views.levelsOf(recordedLevels(recorded), this.#surroundings.now());
    for (const level of levels) this.#published.put(level);
    this.#countDropped();
  }

  /** Forgets what has gone; gives the series that went with it. */
  forget(isGone: IsGone): SeriesKey[] {
    const keys = this.#views.forget(isGone);
    this.#published.forget(keys);
    this.#ledger.forget(isGone);
    return keys;
  }

  #countDropped(): void {
    this.#onDropped("max_series", this.#views.takeDropped(), "one that a view selects");
    this.#onDropped("max_series", this.#ledger.takeDropped(), "one of our own instruments");
  }
}
