import type { MetricProducer } from "@opentelemetry/sdk-metrics";
import type { OptionSources } from "../config/resolve-options.ts";
import { Hurry } from "../core/hurry.ts";
import type { Surroundings } from "../measure/surroundings.ts";
import type { PrometheusEndpoint } from "../prometheus/prometheus-endpoint.ts";
import { Forecasting, type ForecastingParts } from "./forecasting.ts";
import { gatewayEndpoint } from "./gateway-endpoint.ts";
import { gatewayStreams } from "./gateway-streams.ts";
import { KafkaReceiver } from "./kafka/kafka-receiver.ts";
import { PartitionHomes } from "./kafka/partition-homes.ts";
import { MemoryGuard } from "./memory-guard.ts";
import type { Configured } from "./read-configured.ts";
import { otlpReceivers, type Receiver } from "./receivers/otlp-receivers.ts";
import type { Postponement } from "./receivers/postponement.ts";
import { RunningConfiguration } from "./running-configuration.ts";
import { SavedForecasts } from "./saved-forecasts.ts";
import { GatewayCounts } from "./self-observation.ts";
import type { StreamTable } from "./streams/stream-table.ts";

/** What a gateway is made of. */
export interface GatewayOptions {
  /** The configuration file; `undefined`: every default. */
  readonly path: string | undefined;
  readonly sources: OptionSources;
  readonly surroundings: Surroundings;
  /** Whether ports are opened to other machines without a login. Default: they are not. */
  readonly isInsecure?: boolean;
}

/**
 * One process that forecasts the series of others: it receives or pulls their points, forecasts each
 * series, and publishes the forecasts. Its configuration can be read again while it runs.
 */
export class Gateway {
  readonly streams: StreamTable;
  readonly endpoint: PrometheusEndpoint;
  readonly counts: GatewayCounts;
  /** What it publishes. */
  readonly producer: MetricProducer = {
    collect: (options) => this.#forecasting.pipeline.producer.collect(options),
  };
  readonly #surroundings: Surroundings;
  readonly #configuration: RunningConfiguration;
  readonly #memory: MemoryGuard;
  readonly #saved: SavedForecasts | undefined;
  readonly #kafka: KafkaReceiver | undefined;
  readonly #hurry = new Hurry();
  readonly #receivers: ReadonlyMap<string, Receiver>;
  #forecasting: Forecasting;
  #lastForecastAt: number | undefined;
  #reloading: Promise<unknown> = Promise.resolve();
  /** The next reload, which has not read the file yet. */
  #nextReload: Promise<void> | undefined;
  #ended: Promise<void> | undefined;

  /** @throws TypeError with everything that is wrong in the configuration file. */
  constructor({ path, sources, surroundings, isInsecure = false }: GatewayOptions) {
    this.#surroundings = surroundings;
    this.#configuration = new RunningConfiguration({ path, sources, now: () => surroundings.now() });
    const { current } = this.#configuration;
    const { settings } = current;
    const counts = new GatewayCounts(settings.tenants.label);
    this.counts = counts;
    const { producer } = this;
    const memory = new MemoryGuard(settings.limits.memoryShare);
    this.#memory = memory;
    this.streams = gatewayStreams(current, {
      memory,
      counts,
      now: () => surroundings.now(),
      followedNow: () => this.#forecasting.pipeline.clock.now(),
    });
    const homes = new PartitionHomes();
    if (settings.stateDirectory !== undefined)
      this.#saved = new SavedForecasts(settings.stateDirectory, {
        clock: surroundings,
        hurry: this.#hurry,
        flushMillis: settings.saveMillis,
        streams: this.streams,
        partitionOf: (key) => homes.of(key),
      });
    this.#kafka = this.#kafkaReceiver(homes);
    this.#forecasting = new Forecasting(current, this.#parts());
    const { streams } = this;
    const postponedBecause = (): Promise<Postponement | undefined> => this.#postponedBecause();
    this.#receivers = otlpReceivers(settings, { streams, counts, isInsecure, postponedBecause });
    this.endpoint = gatewayEndpoint(current, {
      ...{ surroundings, producer, streams, counts, postponedBecause },
      present: () => this.#configuration.current.options,
      control: { notReadyBecause: () => this.notReadyBecause(), reload: () => this.reload() },
      pipeline: () => this.#forecasting.pipeline,
    });
  }

  /**
   * Begins to receive, to forecast and to listen.
   *
   * @throws Error if a receiver cannot or must not listen at its address. Then none does: what is open would
   * keep the process alive.
   */
  async start(): Promise<void> {
    try {
      await this.#startReceivers();
    } catch (error) {
      await this.shutdown();
      throw error;
    }
    this.#forecasting.start();
    await this.endpoint.start();
    this.#configuration.watch(() => this.reload().catch(() => {}));
  }

  async #startReceivers(): Promise<void> {
    const started = Array.from(this.#receivers.values(), (receiver) => receiver.start());
    const failed = (await Promise.allSettled(started)).find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
    await this.#kafka?.start();
  }

  /** The ports of the receivers, by their names in the metrics; `undefined` before they listen. */
  get ports(): ReadonlyMap<string, number | undefined> {
    return new Map(Array.from(this.#receivers, ([name, { port }]) => [name, port]));
  }

  /** Collects once, now. Resolves when the forecasts can be read, and nothing is being saved. */
  async collect(): Promise<void> {
    await this.#forecasting.pipeline.collect();
    await this.#saved?.idle;
  }

  /** Why forecasts are not there yet; `undefined`: they are, as far as there is a past to forecast from. */
  notReadyBecause(): string | undefined {
    if (this.#lastForecastAt === undefined) return "it has not collected yet";
    if (this.#saved?.isLoaded === false) return "its state is not loaded";
    return this.#kafka?.notReadyBecause ?? this.#forecasting.notReadyBecause;
  }

  /**
   * Reads the configuration file again. Series whose view has not changed keep their history. A file
   * that can't be used changes nothing.
   *
   * @throws Error that says what is wrong in the file, or why it can't be used.
   */
  reload(): Promise<void> {
    this.#nextReload ??= this.#reloading.then(() => {
      this.#nextReload = undefined;
      const reload = this.#configuration.reload((read) => this.#change(read));
      // One that goes on may have read the file before it was changed again.
      this.#reloading = reload.catch(() => {});
      return reload;
    });
    return this.#nextReload;
  }

  /** Ends everything within two seconds. */
  shutdown(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #change(configured: Configured): Promise<void> {
    const ended = this.#forecasting;
    const next = new Forecasting(configured, this.#parts());
    await ended.stop();
    await next.goOnAfter(ended);
    this.streams.goOn();
    this.#forecasting = next;
    if (this.#ended === undefined) next.start();
  }

  async #end(): Promise<void> {
    this.#configuration.stopWatching();
    this.#saved?.loading.giveUp();
    const receivers = Array.from(this.#receivers.values(), (receiver) => receiver.shutdown());
    const kafka = this.#kafka?.shutdown();
    this.#hurry.begin();
    await Promise.allSettled([...receivers, kafka, this.endpoint.shutdown(), this.#forecasting.stop()]);
    await Promise.allSettled([this.#saved?.close(this.#forecasting.pipeline), this.#kafka?.close()]);
  }

  /** Why senders should try again later; `undefined`: what they send is taken. */
  async #postponedBecause(): Promise<Postponement | undefined> {
    if ((await this.#saved?.loading.isOverSoon()) === false) return "not_ready";
    return this.#memory.isFull ? "overloaded" : undefined;
  }

  #kafkaReceiver(homes: PartitionHomes): KafkaReceiver | undefined {
    const { receivers, partitionsDirectory, saveMillis, limits, tenants } =
      this.#configuration.current.settings;
    if (receivers.kafka === undefined || partitionsDirectory === undefined) return undefined;
    return new KafkaReceiver(receivers.kafka, {
      directory: partitionsDirectory,
      clock: this.#surroundings,
      saveMillis,
      counts: this.counts,
      homes,
      maxRecordBytes: limits.bodyBytes,
      tenantHeader: tenants.header,
      saved: () => ({ pipeline: this.#forecasting.pipeline, streams: this.streams }),
      isLoaded: () => this.#saved?.isLoaded !== false,
    });
  }

  #streamCounts(): Iterable<readonly [tenant: string | undefined, streams: number]> {
    const { tenants } = this.#configuration.current.settings;
    return tenants.header === undefined ? [[undefined, this.streams.size]] : this.streams.sizes();
  }

  #parts(): ForecastingParts {
    return {
      surroundings: this.#surroundings,
      streams: this.streams,
      counts: this.counts,
      saved: this.#saved,
      kafka: this.#kafka,
      state: {
        streams: () => this.#streamCounts(),
        backfillPending: () => this.#forecasting.backfillPending,
        oldestForecastAgeSeconds: () => this.#forecasting.oldestForecastAgeSeconds,
        stateBytes: () =>
          this.#saved === undefined ? undefined : this.#saved.bytes + (this.#kafka?.stateBytes ?? 0),
        kafkaLags: () => this.#kafka?.lags() ?? [],
        isConfigurationGood: () => this.#configuration.isGood,
        configuredAt: () => this.#configuration.readAt / 1000,
      },
      onForecasts: () => {
        this.#lastForecastAt = this.#surroundings.now();
        this.streams.expire();
        this.#memory.lookAndLog();
      },
    };
  }
}
