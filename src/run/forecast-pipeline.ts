import { realActionClock } from "../alerts/actions/attempt.ts";
import { Alerting } from "../alerts/alerting.ts";
import type { ResolvedOptions } from "../config/options.ts";
import { Hurry } from "../core/hurry.ts";
import { messageOf } from "../core/text-of.ts";
import { ForecastEngine } from "../engine/forecast-engine.ts";
import { SkipLog } from "../logging/skip-log.ts";
import { OwnInstruments } from "../measure/instruments/own-instruments.ts";
import { Lifetimes } from "../measure/lifetimes.ts";
import { COLLECTION_TIMEOUT_MILLIS, Measurement } from "../measure/measurement.ts";
import type { ReaderSet } from "../measure/reader-set.ts";
import type { Surroundings } from "../measure/surroundings.ts";
import { Ticker } from "../measure/ticker.ts";
import type { AgentMetrics, SystemMetrics } from "../metrics/recorded-fields.ts";
import { ForecastProducer } from "../otel/forecast-producer.ts";
import { SELF_SCOPE } from "../otel/scopes.ts";
import type { IsGone } from "../views/view-processor.ts";
import { HistoryFile } from "./history-file.ts";
import { SelfObservation } from "./self-observation.ts";
import { Unselected } from "./unselected.ts";

/**
 * The data flow: instruments, collection, views, store, engine, producer. The data never
 * flows back: only exporters read what the producer holds.
 */
export class ForecastPipeline {
  readonly producer: ForecastProducer;
  readonly skips = new SkipLog();
  /** Begins when the monitor shuts down: then no callback of the application is waited for long. */
  readonly hurry = new Hurry();
  readonly options: ResolvedOptions;
  /** Alerts, actions and maintenance. */
  readonly alerting: Alerting;
  /** Our own instruments, and the book of agents. */
  readonly instruments: OwnInstruments;
  readonly surroundings: Surroundings;
  /** Logs names in the configuration that select nothing. */
  readonly unselected: Unselected;
  readonly #measurement: Measurement;
  readonly engine: ForecastEngine;
  readonly #ticker: Ticker;
  readonly #history: HistoryFile | undefined;
  readonly #lifetimes: Lifetimes;
  #lastCollectionAt: number;

  constructor(options: ResolvedOptions, surroundings: Surroundings) {
    this.options = options;
    this.surroundings = surroundings;
    this.unselected = new Unselected(options);
    this.#lastCollectionAt = surroundings.now();
    this.instruments = new OwnInstruments(options, surroundings, this.skips);
    this.producer = new ForecastProducer(surroundings.now);
    const self = new SelfObservation(
      this.instruments.provider.getMeter(SELF_SCOPE),
      this.skips,
      () => this.engine.seriesCount,
    );
    this.#measurement = new Measurement({
      options,
      surroundings,
      own: this.instruments,
      producer: this.producer,
      skips: this.skips,
      hurry: this.hurry,
      onDropped: (...dropped) => self.dropped(...dropped),
    });
    this.engine = new ForecastEngine({
      options,
      producer: this.producer,
      clock: surroundings,
      observer: self,
    });
    this.alerting = new Alerting(options.alerting, {
      producer: this.producer,
      meter: this.instruments.provider.getMeter(SELF_SCOPE),
      clock: realActionClock(surroundings.now),
      windowMillis: options.windowMillis,
    });
    this.#lifetimes = new Lifetimes({
      own: this.instruments,
      expiryMillis: options.expiryMillis,
      intervalMillis: options.collectionIntervalMillis,
    });
    this.#history = HistoryFile.from(options.history, {
      store: this.engine.store,
      consumption: this.instruments.consumption,
      environment: surroundings.environment,
    });
    this.#ticker = new Ticker({
      timers: surroundings.timers,
      work: () => this.#collectAndForecast(),
      onSkip: () => this.skips.skip("tick_overrun", "a collection took longer than the collection interval"),
      onError: (error) => this.skips.skip("tick_failed", messageOf(error)),
    });
  }

  /** The readers of our own instruments and of the application's. */
  get readers(): ReaderSet {
    return this.#measurement.readers;
  }

  /** Whether the history is saved to a file. */
  get keepsHistory(): boolean {
    return this.#history !== undefined;
  }

  /** Reserves the history file, before the application can start child processes. */
  reserve(): void {
    this.#history?.reserve();
  }

  /** Collects now, and then at every collection interval. */
  start(): void {
    this.#ticker.start(this.options.collectionIntervalMillis);
    this.instruments.runtime.start();
    void this.#ticker.run();
  }

  /** Collects once, now. Resolves when the measured and predicted gauges can be scraped. */
  collect(): Promise<void> {
    return this.#ticker.runOnceMore();
  }

  /**
   * Ends the timer, alerts and the history file.
   *
   * @param samples whether to collect once more first. A history file needs that in any case.
   */
  async stop({ samples = true } = {}): Promise<void> {
    this.instruments.runtime.stop();
    await this.#ticker.stop();
    if (samples || this.#history !== undefined) {
      await this.#ticker.run();
      await this.#measurement.collectLate();
    }
    await this.alerting.notifications.stop();
    await this.#history?.close();
  }

  recordSystem(metrics: SystemMetrics): void {
    this.#measurement.publishAtOnce(this.instruments.recordSystem(metrics));
  }

  recordAgent(metrics: AgentMetrics): void {
    this.#measurement.publishAtOnce(this.instruments.recordAgent(metrics));
  }

  /**
   * What `/health` answers. Healthy as long as the last collection is at most three intervals old.
   */
  health(): { healthy: boolean; lastCollectionAt: string; secondsSinceCollection: number; series: number } {
    const since = this.surroundings.now() - this.#lastCollectionAt;
    return {
      healthy: since <= 3 * this.options.collectionIntervalMillis + COLLECTION_TIMEOUT_MILLIS,
      lastCollectionAt: new Date(this.#lastCollectionAt).toISOString(),
      secondsSinceCollection: Math.max(0, since / 1000),
      series: this.engine.seriesCount,
    };
  }

  async #collectAndForecast(): Promise<void> {
    const now = this.surroundings.now();
    const elapsedMillis = this.surroundings.elapsedMillis();
    await this.#history?.loadOrSave(now);
    const isOfFormerAgent = this.#lifetimes.expire(now);
    if (isOfFormerAgent !== undefined) this.#forget(isOfFormerAgent);
    await this.#measurement.take({ now, elapsedMillis });
    this.#forget(this.#lifetimes.gone());
    const values = await this.#measurement.values(now);
    const underMaintenance = this.alerting.underMaintenance(values, now);
    const learned =
      underMaintenance.size === 0 ? values : values.filter(({ id }) => !underMaintenance.has(id));
    await this.engine.take(learned, now, underMaintenance);
    this.alerting.take(this.engine.forecasters, now, underMaintenance);
    this.#lastCollectionAt = now;
    this.unselected.collected(elapsedMillis, () => ({
      views: this.#measurement.viewUse,
      series: values.filter(({ output }) => output.spec.isForecast),
    }));
  }

  #forget(isGone: IsGone): void {
    this.engine.forget(this.#measurement.forget(isGone));
  }
}
