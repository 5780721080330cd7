import { realActionClock } from "../alerts/actions/attempt.ts";
import { Alerting } from "../alerts/alerting.ts";
import type { ResolvedOptions } from "../config/options.ts";
import { kindOfError } from "../core/error-type.ts";
import { Hurry } from "../core/hurry.ts";
import type { Labels } from "../core/series-key.ts";
import { atOnce, type Steps, YieldingRunner } from "../core/yielding-runner.ts";
import { ForecastEngine } from "../engine/forecast-engine.ts";
import { SkipLog } from "../logging/skip-log.ts";
import { clockedSurroundings } from "../measure/clocked-surroundings.ts";
import { OwnInstruments } from "../measure/instruments/own-instruments.ts";
import { Lifetimes } from "../measure/lifetimes.ts";
import { Measurement } from "../measure/measurement.ts";
import { type Moment, MonitorClock } from "../measure/monitor-clock.ts";
import type { ReaderSet } from "../measure/reader-set.ts";
import type { SavedWindows } from "../measure/saved-windows.ts";
import type { Surroundings } from "../measure/surroundings.ts";
import { Ticker } from "../measure/ticker.ts";
import type { AgentMetrics, SystemMetrics } from "../metrics/recorded-fields.ts";
import { ForecastProducer } from "../otel/forecast-producer.ts";
import { SELF_SCOPE } from "../otel/scopes.ts";
import type { IsGone } from "../views/view-processor.ts";
import { gateFor } from "../weights/gate-for.ts";
import { CollectionHealth, type Health } from "./collection-health.ts";
import { HistoryFile } from "./history/history-file.ts";
import type { NewSeries } from "./past/new-series.ts";
import { ownPast } from "./past/own-past.ts";
import { SelfObservation } from "./self-observation.ts";
import { Unselected } from "./unselected.ts";

/** What a pipeline forecasts. */
export interface PipelineScope {
  /** Whether this process, its machine and its agents are measured. Default: they are. */
  readonly measuresProcess?: boolean;
  /** Whether a level that is not measured any more counts until its expiry. Default: it does. */
  readonly keepsLevels?: boolean;
}

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
  /** Their `now` is steady: nobody sets it. `clock` knows the time of the machine too. */
  readonly surroundings: Surroundings;
  readonly clock: MonitorClock;
  /** Logs names in the configuration that select nothing. */
  readonly unselected: Unselected;
  readonly #measurement: Measurement;
  readonly engine: ForecastEngine;
  readonly #ticker: Ticker;
  /** Absent while the history is kept in memory. */
  readonly history: HistoryFile | undefined;
  readonly #lifetimes: Lifetimes;
  readonly #health: CollectionHealth;
  /** Where new series wait for their past. Absent: they do not wait. */
  newSeries: Pick<NewSeries, "take" | "stop"> | undefined;
  /** Called after each collection, when its forecasts are there. */
  readonly #listeners: (() => void)[] = [];
  /** Waited for before each collection. */
  beforeCollection: () => Promise<void> = async () => {};
  /** Called at the beginning of each collection. */
  onMoment: (moment: Moment) => void = () => {};

  constructor(
    options: ResolvedOptions,
    surroundings: Surroundings,
    { measuresProcess = true, keepsLevels = true }: PipelineScope = {},
  ) {
    this.options = options;
    const clock = new MonitorClock(surroundings, options.collectionIntervalMillis);
    this.clock = clock;
    this.surroundings = clockedSurroundings(surroundings, clock);
    const now = clock.now.bind(clock);
    this.unselected = new Unselected(options);
    this.#health = new CollectionHealth(clock, options.collectionIntervalMillis);
    this.instruments = new OwnInstruments(options, this.surroundings, this.skips, now, measuresProcess);
    this.producer = new ForecastProducer(now, () => this.#publish());
    const meter = this.instruments.provider.getMeter(SELF_SCOPE);
    const self = new SelfObservation(meter, this.skips, () => this.engine.seriesCount);
    this.#measurement = new Measurement({
      options,
      surroundings: this.surroundings,
      own: this.instruments,
      producer: this.producer,
      skips: this.skips,
      hurry: this.hurry,
      onDropped: (...dropped) => self.dropped(...dropped),
      keepsLevels,
    });
    this.engine = new ForecastEngine({
      options,
      producer: this.producer,
      clock: surroundings,
      observer: self,
      gate: (method) => gateFor(method, { learned: options.learned }),
    });
    if (options.backfill !== undefined) {
      // The forecasts of the start do not wait for the next interval.
      const onRestored = (): void => void this.collect();
      const { engine } = this;
      this.newSeries = ownPast(options.backfill, options, { engine, clock, surroundings, onRestored });
    }
    this.alerting = new Alerting(options.alerting, {
      producer: this.producer,
      meter,
      clock: realActionClock(now),
      windowMillis: options.windowMillis,
    });
    this.#lifetimes = new Lifetimes({
      own: this.instruments,
      expiryMillis: options.expiryMillis,
      intervalMillis: options.collectionIntervalMillis,
    });
    this.history = HistoryFile.from(options.history, {
      engine: this.engine,
      consumption: this.instruments.consumption,
      windows: this.windows,
      alerting: this.alerting,
      clock,
      surroundings,
      hurry: this.hurry,
    });
    this.#ticker = new Ticker({
      timers: surroundings.timers,
      work: () => this.#collectAndForecast(),
      onSkip: () => this.skips.skip("tick_overrun", "a collection took longer than the collection interval"),
      onError: (error) => this.skips.skipThrown("tick_failed", kindOfError(error), error),
    });
  }

  /** The windows that rates, ratios and percentiles are made of. */
  get windows(): SavedWindows {
    return this.#measurement.windows;
  }

  /** The readers of our own instruments and of the application's. */
  get readers(): ReaderSet {
    return this.#measurement.readers;
  }

  /** Reserves the history file, before the application can start child processes. */
  reserve(): void {
    this.history?.reserve();
  }

  /** Calls back after each collection, when its forecasts can be read. */
  onForecasts(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Collects now, and then at every collection interval. */
  start(): void {
    this.#ticker.start(this.options.collectionIntervalMillis);
    this.instruments.runtime?.start();
    void this.#ticker.run();
  }

  /** Collects once, now. Resolves when the measured and predicted gauges can be scraped. */
  collect(): Promise<void> {
    return this.#ticker.runOnceMore();
  }

  /** Ends the timer, alerts and the history file. */
  async stop(): Promise<void> {
    await this.stopCollecting();
    await this.history?.close();
  }

  /** Ends the timer and alerts. `samples`: whether to collect once more; a history file needs that. */
  async stopCollecting({ samples = true } = {}): Promise<void> {
    this.instruments.runtime?.stop();
    this.newSeries?.stop();
    await this.#ticker.stop();
    if (samples || this.history !== undefined) {
      await this.#ticker.run();
      await this.#measurement.collectLate();
    }
    await this.alerting.notifications.stop();
  }

  recordSystem(metrics: SystemMetrics): void {
    this.#measurement.publishAtOnce(this.instruments.recordSystem(metrics));
  }

  recordAgent(metrics: AgentMetrics): void {
    this.#measurement.publishAtOnce(this.instruments.recordAgent(metrics));
  }

  /** Forgets the series of sources, by their labels. */
  forgetSources(isGone: (labels: Labels) => boolean): void {
    atOnce(this.#forget((labels) => isGone(labels)));
  }

  /** What `/health` answers. */
  health(): Health {
    return { ...this.#health.now(), series: this.engine.seriesCount };
  }

  async #collectAndForecast(): Promise<void> {
    const moment = this.clock.moveOn();
    const { now, steadyMillis } = moment;
    this.#follow(moment);
    await this.history?.beforeCollection(now);
    await this.beforeCollection();
    const isOfFormerAgent = this.#lifetimes.expire(moment);
    const slices = new YieldingRunner(this.surroundings);
    if (isOfFormerAgent !== undefined) await slices.run(this.#forget(isOfFormerAgent));
    await this.#measurement.take(moment, slices);
    await slices.run(this.#forget(this.#lifetimes.gone(), true));
    const values = await this.#measurement.values(steadyMillis, slices);
    const { alerting, engine } = this;
    const underMaintenance = await slices.run(alerting.underMaintenance(values, now, engine.forecasters));
    const learned = values.filter(({ id }) => !underMaintenance.has(id));
    const taken = this.newSeries?.take(learned, now) ?? learned;
    await engine.take(taken, now, underMaintenance, slices);
    await slices.run(alerting.take(engine.forecasters, now, underMaintenance));
    this.#health.collected(moment);
    this.history?.afterCollection(now);
    for (const listener of this.#listeners) listener();
    this.unselected.collected(steadyMillis, () => ({
      views: this.#measurement.viewUse,
      series: values.filter(({ output }) => output.spec.isForecast),
    }));
  }

  *#publish(): Steps<void> {
    yield* this.engine.publish((error) => this.skips.skipThrown("publish_failed", kindOfError(error), error));
    // Without collections, the forecasts that are shown are those of the past.
    if (!this.health().healthy) this.engine.standStill();
  }

  #follow(moment: Moment): void {
    const { steadyMillis, stepMillis, pausedMillis } = moment;
    this.onMoment(moment);
    if (stepMillis !== 0) {
      this.readers.clockWasSet();
      this.engine.shift(stepMillis);
      this.alerting.shift(stepMillis);
    }
    if (pausedMillis === 0) return;
    this.engine.pause(pausedMillis);
    this.alerting.pause(pausedMillis);
    this.instruments.book.resume(steadyMillis);
  }

  #forget(isGone: IsGone, mayComeBack = false): Steps<void> {
    return this.#measurement.forget(isGone, { mayComeBack, onGone: (keys) => this.engine.forget(keys) });
  }
}
