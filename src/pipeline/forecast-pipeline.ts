import type { MeterProvider } from "@opentelemetry/sdk-metrics";
import type { AgentBook } from "../agents/agent-book.ts";
import type { Forecast } from "../core/forecast.ts";
import type { AgentConsumption } from "../telemetry/agent-consumption.ts";
import type { AgentRecorder } from "../telemetry/agent-recorder.ts";
import { CollectionReader } from "../telemetry/collection-reader.ts";
import { ForecastProducer } from "../telemetry/forecast-producer.ts";
import { Ledger } from "../telemetry/ledger.ts";
import {
  type AgentMetrics,
  type RecordedNumber,
  recordedLevels,
  type SystemMetrics,
} from "../telemetry/recorded-metrics.ts";
import { SELF_SCOPE } from "../telemetry/scopes.ts";
import { SkipLog } from "../telemetry/skip-log.ts";
import { realActionClock } from "./actions/action-clock.ts";
import { Alerting } from "./actions/alerting.ts";
import { ForecastEngine, type ForecastFilter, type LearntFilter } from "./engine/forecast-engine.ts";
import { HistoryFile } from "./history-file.ts";
import { Intake } from "./intake.ts";
import { Lifetimes } from "./lifetimes.ts";
import { MeasuredPublication } from "./measured-publication.ts";
import type { ResolvedOptions } from "./options/options.ts";
import { OwnInstruments } from "./own-instruments.ts";
import { ScalabilityPublication } from "./scalability-publication.ts";
import { SelfObservation } from "./self-observation.ts";
import { Slices } from "./slices.ts";
import type { Surroundings } from "./surroundings.ts";
import { Ticker } from "./ticker.ts";
import { type IsGone, ViewProcessor } from "./views/view-processor.ts";
import { WindowClock } from "./window-clock.ts";

const COLLECTION_TIMEOUT_MILLIS = 5000;

/**
 * The way of the data: instruments, collection, views, store, engine, producer. Nothing goes back: what the producer
 * gives out is read by exporters alone.
 */
export class ForecastPipeline {
  readonly producer: ForecastProducer;
  readonly skips = new SkipLog();
  readonly options: ResolvedOptions;
  /** Alerts, actions and maintenance. */
  readonly alerting: Alerting;
  readonly #own: OwnInstruments;
  readonly #surroundings: Surroundings;
  readonly #intake: Intake;
  readonly #views: ViewProcessor;
  readonly #ledger: Ledger;
  readonly #measured: MeasuredPublication;
  readonly #scalability: ScalabilityPublication;
  readonly #engine: ForecastEngine;
  readonly #self: SelfObservation;
  readonly #ticker: Ticker;
  readonly #history: HistoryFile | undefined;
  readonly #window: WindowClock;
  readonly #lifetimes: Lifetimes;
  #lastTickAt: number;

  constructor(options: ResolvedOptions, surroundings: Surroundings) {
    const { maxSeries, windowMillis, collectionIntervalMillis } = options;
    this.options = options;
    this.#surroundings = surroundings;
    this.#lastTickAt = surroundings.now();
    this.#own = new OwnInstruments(options, surroundings, this.skips);
    this.producer = new ForecastProducer(surroundings.now);
    this.#intake = new Intake({
      own: this.#own.reader,
      timeoutMillis: COLLECTION_TIMEOUT_MILLIS,
      skips: this.skips,
    });
    this.#window = new WindowClock({
      windowMillis,
      intervalMillis: collectionIntervalMillis,
      startedAt: surroundings.elapsed(),
    });
    this.#views = new ViewProcessor({
      views: options.views,
      slices: this.#window.slices,
      maxSelections: maxSeries,
    });
    this.#ledger = new Ledger(this.producer, 2 * maxSeries + 2000);
    this.#measured = new MeasuredPublication(this.producer);
    this.#scalability = new ScalabilityPublication({
      producer: this.producer,
      book: this.#own.book,
      namespace: options.namespace,
      everyMillis: options.forecastIntervalMillis,
    });
    this.#self = new SelfObservation(
      this.#own.provider.getMeter(SELF_SCOPE),
      this.skips,
      () => this.#engine.seriesCount,
    );
    this.#engine = new ForecastEngine({
      options,
      producer: this.producer,
      clock: surroundings,
      observer: this.#self,
    });
    this.alerting = new Alerting(options.alerting, {
      producer: this.producer,
      meter: this.#own.provider.getMeter(SELF_SCOPE),
      clock: realActionClock(surroundings.now),
      windowMillis,
    });
    this.#lifetimes = new Lifetimes({
      own: this.#own,
      expiryMillis: options.expiryMillis,
      intervalMillis: collectionIntervalMillis,
      forget: (isGone) => this.#forget(isGone),
    });
    this.#history = HistoryFile.from(options.history, this.#engine.store);
    this.#ticker = new Ticker({
      timers: surroundings.timers,
      work: () => this.#tick(),
      onSkip: () => this.skips.skip("tick_overrun", "a collection took longer than the collection interval"),
      onError: (error) =>
        this.skips.skip("tick_failed", error instanceof Error ? error.message : String(error)),
    });
  }

  get recorder(): AgentRecorder {
    return this.#own.recorder;
  }

  get clock(): Pick<Surroundings, "now" | "elapsed"> {
    return this.#surroundings;
  }

  /** Whose work it is that names no agent. */
  get processAgent(): string {
    return this.options.agentName ?? this.#surroundings.serviceName;
  }

  get consumption(): AgentConsumption {
    return this.#own.consumption;
  }

  get book(): AgentBook {
    return this.#own.book;
  }

  /** What the process is called: the agent that was named for it, else its service. */
  get processName(): string {
    return this.options.agentName ?? this.#surroundings.serviceName;
  }

  /** The meter provider of our own instruments; instrumentations that we load measure there too. */
  get ownProvider(): MeterProvider {
    return this.#own.provider;
  }

  /** Samples now, and from now on every collection interval. */
  start(): void {
    this.#ticker.start(this.options.collectionIntervalMillis);
    void this.#ticker.run();
  }

  /** Samples once, at once; resolves when what was measured and what is forecast can be scraped. */
  collect(): Promise<void> {
    return this.#ticker.runAfresh();
  }

  async stop(): Promise<void> {
    await this.#ticker.stop();
    await this.#ticker.run();
    await this.#collectWhatWaited();
    await this.alerting.stop();
    await this.#history?.save();
  }

  /** Reads an application's instruments too, from the next collection on. The reader is bound by the caller. */
  readApplication(reader: CollectionReader): void {
    this.#intake.add(reader);
  }

  whenHttpIsMeasuredElsewhere(callback: () => void): void {
    this.#intake.whenHttpIsMeasuredElsewhere(callback);
  }

  /** Told after each collection which metrics of the GenAI conventions the application's instrumentations measure. */
  whenCollected(callback: (foreignGenAi: readonly string[]) => void): void {
    this.#intake.whenCollected(callback);
  }

  createApplicationReader(): CollectionReader {
    return new CollectionReader({ maxAttributeSets: this.options.maxSeries });
  }

  recordSystem(metrics: SystemMetrics): void {
    this.#publishAtOnce(this.#own.recordSystem(metrics));
  }

  recordAgent(metrics: AgentMetrics): void {
    this.#publishAtOnce(this.#own.recordAgent(metrics));
  }

  forecasts(filter: ForecastFilter = {}): Forecast[] {
    return this.#engine.forecasts(filter);
  }

  /** Forgets what was learnt of series, which then warm up anew; gives how many there were. Names may be patterns. */
  forgetLearnt(filter: LearntFilter = {}): number {
    return this.#engine.forgetLearnt(filter);
  }

  /** Collecting, as long as the last sample is not older than a few intervals. */
  health(): { healthy: boolean; lastCollectionAt: string; secondsSinceCollection: number; series: number } {
    const since = this.#surroundings.now() - this.#lastTickAt;
    return {
      healthy: since <= 3 * this.options.collectionIntervalMillis + COLLECTION_TIMEOUT_MILLIS,
      lastCollectionAt: new Date(this.#lastTickAt).toISOString(),
      secondsSinceCollection: Math.max(0, since / 1000),
      series: this.#engine.seriesCount,
    };
  }

  /** What is recorded only after a collection has shown whose it is would else never be given out. */
  async #collectWhatWaited(): Promise<void> {
    const { own } = await this.#intake.collect();
    await new Slices(this.#surroundings).run(this.#ledger.take(own, this.#surroundings.now()));
  }

  async #tick(): Promise<void> {
    const now = this.#surroundings.now();
    const elapsed = this.#surroundings.elapsed();
    await this.#history?.keep(now);
    const forgetGone = this.#lifetimes.begin(now);
    const { own, application } = await this.#intake.collect();
    const slices = new Slices(this.#surroundings);
    await slices.run(this.#ledger.take(own, now));
    for (let begun = this.#window.moveTo(elapsed); begun > 0; begun -= 1)
      await slices.run(this.#views.advance());
    await slices.run(this.#views.take(own, now));
    await slices.run(this.#views.take(application, now));
    this.#countDropped();
    forgetGone();
    const values = await slices.run(this.#views.values(this.#window.coveredSeconds));
    await slices.run(this.#measured.publish(values));
    await slices.run(this.#scalability.publish(now));
    const workedOn = this.alerting.workedOn(values, now);
    const learnt = workedOn.size === 0 ? values : values.filter(({ id }) => !workedOn.has(id));
    await this.#engine.take(learnt, now, workedOn);
    this.alerting.take(this.#engine.forecasters, now, workedOn);
    this.#lastTickAt = now;
  }

  #countDropped(): void {
    this.#self.droppedSeries("max_series", this.#views.takeDropped(), "one that a view selects");
    this.#self.droppedSeries("max_series", this.#ledger.takeDropped(), "one of our own instruments");
  }

  #forget(isGone: IsGone): void {
    const keys = this.#views.forget(isGone);
    this.#measured.forget(keys);
    this.#engine.forget(keys);
    this.#ledger.forget(isGone);
  }

  /** What was recorded by hand is on `/metrics` at once, not only after the next collection. */
  #publishAtOnce(recorded: readonly RecordedNumber[]): void {
    const levels = this.#views.levelsOf(recordedLevels(recorded), this.#surroundings.now());
    for (const level of levels) this.#measured.put(level);
    this.#countDropped();
  }
}
