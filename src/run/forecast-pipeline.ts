import type { MeterProvider } from "@opentelemetry/sdk-metrics";
import type { AgentBook } from "../agents/agent-book.ts";
import { realActionClock } from "../alerts/actions/action-clock.ts";
import { Alerting } from "../alerts/alerting.ts";
import type { ResolvedOptions } from "../config/options.ts";
import type { Forecast } from "../core/forecast.ts";
import type { MeasuredMetric } from "../core/measured-metric.ts";
import { messageOf } from "../core/text-of.ts";
import { ForecastEngine, type ForecastFilter, type LearntFilter } from "../engine/forecast-engine.ts";
import { SkipLog } from "../logging/skip-log.ts";
import type { AgentConsumption } from "../measure/instruments/agent-consumption.ts";
import type { AgentRecorder } from "../measure/instruments/agent-recorder.ts";
import { OwnInstruments } from "../measure/instruments/own-instruments.ts";
import { Lifetimes } from "../measure/lifetimes.ts";
import { COLLECTION_TIMEOUT_MILLIS, Measurement } from "../measure/measurement.ts";
import type { Surroundings } from "../measure/surroundings.ts";
import { Ticker } from "../measure/ticker.ts";
import { CollectionReader } from "../otel/collection-reader.ts";
import { ForecastProducer } from "../otel/forecast-producer.ts";
import type { AgentMetrics, SystemMetrics } from "../otel/recorded-fields.ts";
import { SELF_SCOPE } from "../otel/scopes.ts";
import { HistoryFile } from "./history-file.ts";
import { SelfObservation } from "./self-observation.ts";

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
  readonly #measurement: Measurement;
  readonly #engine: ForecastEngine;
  readonly #ticker: Ticker;
  readonly #history: HistoryFile | undefined;
  readonly #lifetimes: Lifetimes;
  #lastTickAt: number;

  constructor(options: ResolvedOptions, surroundings: Surroundings) {
    this.options = options;
    this.#surroundings = surroundings;
    this.#lastTickAt = surroundings.now();
    this.#own = new OwnInstruments(options, surroundings, this.skips);
    this.producer = new ForecastProducer(surroundings.now);
    const self = new SelfObservation(
      this.#own.provider.getMeter(SELF_SCOPE),
      this.skips,
      () => this.#engine.seriesCount,
    );
    this.#measurement = new Measurement({
      options,
      surroundings,
      own: this.#own,
      producer: this.producer,
      skips: this.skips,
      onDropped: (...dropped) => self.droppedSeries(...dropped),
    });
    this.#engine = new ForecastEngine({
      options,
      producer: this.producer,
      clock: surroundings,
      observer: self,
    });
    this.alerting = new Alerting(options.alerting, {
      producer: this.producer,
      meter: this.#own.provider.getMeter(SELF_SCOPE),
      clock: realActionClock(surroundings.now),
      windowMillis: options.windowMillis,
    });
    this.#lifetimes = new Lifetimes({
      own: this.#own,
      expiryMillis: options.expiryMillis,
      intervalMillis: options.collectionIntervalMillis,
      forget: (isGone) => this.#engine.forget(this.#measurement.forget(isGone)),
    });
    this.#history = HistoryFile.from(options.history, {
      store: this.#engine.store,
      consumption: this.#own.consumption,
      environment: surroundings.environment,
    });
    this.#ticker = new Ticker({
      timers: surroundings.timers,
      work: () => this.#tick(),
      onSkip: () => this.skips.skip("tick_overrun", "a collection took longer than the collection interval"),
      onError: (error) => this.skips.skip("tick_failed", messageOf(error)),
    });
  }

  get recorder(): AgentRecorder {
    return this.#own.recorder;
  }

  get clock(): Pick<Surroundings, "now" | "elapsedMillis"> {
    return this.#surroundings;
  }

  /** Whose work it is that names no agent: the agent that was named for the process, else its service. */
  get defaultAgent(): string {
    return this.options.agentName ?? this.#surroundings.serviceName;
  }

  get consumption(): AgentConsumption {
    return this.#own.consumption;
  }

  get book(): AgentBook {
    return this.#own.book;
  }

  /** The meter provider of our own instruments; instrumentations that we load measure there too. */
  get ownProvider(): MeterProvider {
    return this.#own.provider;
  }

  /** Whether the past is kept for a process to come. */
  get keepsHistory(): boolean {
    return this.#history !== undefined;
  }

  /** Takes what only one process can have, and what it starts must not take. */
  reserve(): void {
    this.#history?.hold();
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

  /** @param samples whether it samples once more, for those who are told at the end. */
  async stop({ samples = true } = {}): Promise<void> {
    await this.#ticker.stop();
    if (samples || this.#history !== undefined) {
      await this.#ticker.run();
      await this.#measurement.collectWhatWaited();
    }
    await this.alerting.stop();
    await this.#history?.end();
  }

  /** Reads an application's instruments too, from the next collection on. The reader is bound by the caller. */
  readApplication(reader: CollectionReader): void {
    this.#measurement.intake.add(reader);
  }

  /** What is forecast in place of what the application's instruments measure here. */
  shareApplication(shared: (application: readonly MeasuredMetric[]) => readonly MeasuredMetric[]): void {
    this.#measurement.intake.share(shared);
  }

  whenHttpIsMeasuredElsewhere(callback: () => void): void {
    this.#measurement.intake.whenHttpIsMeasuredElsewhere(callback);
  }

  /**
   * Told after each collection which metrics of the conventions for agents the application's instrumentations measure, and
   * gives `true` where it has recorded something; and that one begins.
   */
  whenCollected(ended: (foreign: readonly string[]) => unknown, begins?: () => void): void {
    this.#measurement.intake.whenCollected(ended, begins);
  }

  createApplicationReader(): CollectionReader {
    return new CollectionReader({ maxAttributeSets: this.options.maxSeries });
  }

  recordSystem(metrics: SystemMetrics): void {
    this.#measurement.publishAtOnce(this.#own.recordSystem(metrics));
  }

  recordAgent(metrics: AgentMetrics): void {
    this.#measurement.publishAtOnce(this.#own.recordAgent(metrics));
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

  async #tick(): Promise<void> {
    const time = { now: this.#surroundings.now(), elapsedMillis: this.#surroundings.elapsedMillis() };
    const { now } = time;
    await this.#history?.keep(now);
    const forgetGone = this.#lifetimes.begin(now);
    const values = await this.#measurement.collect(time, forgetGone);
    const underMaintenance = this.alerting.underMaintenance(values, now);
    const learnt =
      underMaintenance.size === 0 ? values : values.filter(({ id }) => !underMaintenance.has(id));
    await this.#engine.take(learnt, now, underMaintenance);
    this.alerting.take(this.#engine.forecasters, now, underMaintenance);
    this.#lastTickAt = now;
  }
}
