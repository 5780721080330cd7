import type { MetricProducer } from "@opentelemetry/sdk-metrics";
import { streamLimit } from "../config/gateway/stream-limit.ts";
import type { OptionSources } from "../config/resolve-options.ts";
import { webConfigFile } from "../config/web/web-config-file.ts";
import { Hurry } from "../core/hurry.ts";
import { messageOf } from "../core/text-of.ts";
import { log } from "../logging/component-logger.ts";
import type { Surroundings } from "../measure/surroundings.ts";
import { MAX_PAGE_BYTES } from "../prometheus/page-budget.ts";
import { PrometheusEndpoint } from "../prometheus/prometheus-endpoint.ts";
import { selectorsTest } from "../status/series-selector.ts";
import { StatusReader } from "../status/status-reader.ts";
import { ConfigWatch } from "./config-watch.ts";
import { Forecasting, type ForecastingParts } from "./forecasting.ts";
import { KafkaReceiver } from "./kafka/kafka-receiver.ts";
import { PartitionHomes } from "./kafka/partition-homes.ts";
import { MemoryGuard } from "./memory-guard.ts";
import { ForecastPaths } from "./outputs/forecast-paths.ts";
import { ownershipOf } from "./ownership-of.ts";
import { type Configured, readConfigured } from "./read-configured.ts";
import { otlpReceivers, type Receiver } from "./receivers/otlp-receivers.ts";
import { restartNeeded } from "./restart-needed.ts";
import { SavedForecasts } from "./saved-forecasts.ts";
import { GatewayCounts } from "./self-observation.ts";
import { StreamTable } from "./streams/stream-table.ts";
import { webPaths } from "./web-paths.ts";

/** A gauge counts for so long after its last value, as in Prometheus. */
const STALE_MILLIS = 300_000;
/** Room for the forecasts of a series on `/metrics`. */
const PAGE_BYTES_OF_SERIES = 1000;
const WATCH_INTERVAL_MILLIS = 30_000;

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
  readonly counts = new GatewayCounts();
  /** What it publishes. */
  readonly producer: MetricProducer = { collect: () => this.#forecasting.pipeline.producer.collect() };
  readonly #options: GatewayOptions;
  readonly #watch: ConfigWatch | undefined;
  readonly #memory: MemoryGuard;
  readonly #saved: SavedForecasts | undefined;
  readonly #kafka: KafkaReceiver | undefined;
  readonly #hurry = new Hurry();
  readonly #receivers: ReadonlyMap<string, Receiver>;
  #configured: Configured;
  #forecasting: Forecasting;
  #isConfigurationGood = true;
  #configuredAt: number;
  #lastForecastAt: number | undefined;
  #reloading: Promise<void> | undefined;
  #ended: Promise<void> | undefined;

  /** @throws TypeError with everything that is wrong in the configuration file. */
  constructor(options: GatewayOptions) {
    this.#options = options;
    const { surroundings, path, sources } = options;
    this.#configured = readConfigured(path, sources);
    this.#configuredAt = surroundings.now();
    const { settings, options: resolved, content } = this.#configured;
    this.#memory = new MemoryGuard(settings.limits.memoryShare);
    const { stateDirectory } = settings;
    const ownership = ownershipOf(settings);
    this.streams = new StreamTable({
      now: () => surroundings.now(),
      windowMillis: resolved.windowMillis,
      staleMillis: STALE_MILLIS,
      expiryMillis: resolved.expiryMillis,
      maxStreams: streamLimit(settings.limits.streams, resolved.maxSeries),
      tenantLabel: settings.tenants.label,
      ...(ownership === undefined ? {} : { owns: (id: string) => ownership.owns(id) }),
      hasMemory: () => this.#memory.hasRoom,
      dropped: (reason) => this.counts.dropped(reason),
    });
    const homes = new PartitionHomes();
    this.#saved =
      stateDirectory === undefined
        ? undefined
        : new SavedForecasts(stateDirectory, {
            clock: surroundings,
            hurry: this.#hurry,
            flushMillis: settings.saveMillis,
            streams: this.streams,
            partitionOf: (key) => homes.of(key),
          });
    this.#kafka = this.#kafkaReceiver(homes);
    this.#forecasting = new Forecasting(this.#configured, this.#parts());
    this.#receivers = otlpReceivers(settings, {
      streams: this.streams,
      counts: this.counts,
      isInsecure: options.isInsecure ?? false,
    });
    const { web } = settings.outputs;
    this.endpoint = new PrometheusEndpoint({
      host: web.host,
      port: web.port,
      resource: surroundings.resource,
      metricProducers: [this.producer],
      health: () => ({ ...this.#forecasting.pipeline.health() }),
      maxPageBytes: Math.max(MAX_PAGE_BYTES, resolved.maxSeries * PAGE_BYTES_OF_SERIES),
      classicBuckets: resolved.classicBuckets,
      translation: () => this.#configured.options.translation,
      webConfig: settings.webConfigFile === undefined ? undefined : webConfigFile(settings.webConfigFile),
      selectorsTest,
      routes: webPaths(settings, {
        control: { notReadyBecause: () => this.notReadyBecause(), reload: () => this.reload() },
        streams: this.streams,
        paths: new ForecastPaths(() => this.#forecasting.pipeline.engine.forecasters),
        status: new StatusReader({
          engine: () => this.#forecasting.pipeline.engine,
          alerts: () => this.#forecasting.pipeline.alerting,
          now: () => this.#forecasting.pipeline.clock.now(),
        }),
        page: { service: surroundings.serviceName, isShown: () => this.#configured.options.page },
        counts: this.counts,
        isOverloaded: () => this.#memory.isFull,
      }),
    });
    this.#watch =
      path === undefined
        ? undefined
        : new ConfigWatch({
            seen: content,
            read: async () => sources.readFile(path),
            changed: () => this.reload().catch(() => {}),
          });
  }

  /**
   * Begins to receive, to forecast and to listen.
   *
   * @throws Error if a receiver cannot or must not listen at its address.
   */
  async start(): Promise<void> {
    await Promise.all(Array.from(this.#receivers.values(), (receiver) => receiver.start()));
    await this.#kafka?.start();
    this.#forecasting.start();
    await this.endpoint.start();
    this.#watch?.start(WATCH_INTERVAL_MILLIS);
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
   * @throws TypeError that says what is wrong in the file.
   */
  reload(): Promise<void> {
    this.#reloading ??= this.#reload().finally(() => {
      this.#reloading = undefined;
    });
    return this.#reloading;
  }

  /** Ends everything within two seconds. */
  shutdown(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #reload(): Promise<void> {
    const before = this.#configured;
    let read: Configured;
    try {
      read = readConfigured(this.#options.path, this.#options.sources);
    } catch (error) {
      this.#isConfigurationGood = false;
      log.error(
        `the configuration file can't be used: ${messageOf(error)}; the last valid content stays in use`,
      );
      throw error;
    }
    this.#isConfigurationGood = true;
    this.#configuredAt = this.#options.surroundings.now();
    for (const key of restartNeeded(before, read))
      log.warn(`the configuration file has changed: ${key} takes effect at the next start`);
    if (read.content !== before.content) await this.#change(read);
    log.info("the configuration file was read again");
  }

  async #change(configured: Configured): Promise<void> {
    const ended = this.#forecasting;
    const next = new Forecasting(configured, this.#parts());
    await ended.stop();
    await next.goOnAfter(ended);
    this.#configured = configured;
    this.#forecasting = next;
    if (this.#ended === undefined) next.start();
  }

  async #end(): Promise<void> {
    this.#watch?.stop();
    const receivers = Array.from(this.#receivers.values(), (receiver) => receiver.shutdown());
    const kafka = this.#kafka?.shutdown();
    this.#hurry.begin();
    await Promise.allSettled([...receivers, kafka, this.endpoint.shutdown(), this.#forecasting.stop()]);
    await Promise.allSettled([this.#saved?.close(this.#forecasting.pipeline), this.#kafka?.close()]);
  }

  #lookAtMemory(): void {
    if (!this.#memory.look()) return;
    if (this.#memory.hasRoom) log.info("there is memory for new streams again");
    else log.warn("the memory limit is reached: new streams are refused, and those that are known go on");
  }

  #kafkaReceiver(homes: PartitionHomes): KafkaReceiver | undefined {
    const { receivers, partitionsDirectory, saveMillis, limits, tenants } = this.#configured.settings;
    if (receivers.kafka === undefined || partitionsDirectory === undefined) return undefined;
    return new KafkaReceiver(receivers.kafka, {
      directory: partitionsDirectory,
      clock: this.#options.surroundings,
      saveMillis,
      counts: this.counts,
      homes,
      maxRecordBytes: limits.bodyBytes,
      tenantHeader: tenants.header,
      saved: () => ({ pipeline: this.#forecasting.pipeline, streams: this.streams }),
      isLoaded: () => this.#saved?.isLoaded !== false,
    });
  }

  #parts(): ForecastingParts {
    return {
      surroundings: this.#options.surroundings,
      streams: this.streams,
      counts: this.counts,
      saved: this.#saved,
      kafka: this.#kafka,
      state: {
        streams: () => this.streams.size,
        backfillPending: () => this.#forecasting.backfillPending,
        oldestForecastAgeSeconds: () => this.#forecasting.oldestForecastAgeSeconds,
        stateBytes: () =>
          this.#saved === undefined ? undefined : this.#saved.bytes + (this.#kafka?.stateBytes ?? 0),
        kafkaLags: () => this.#kafka?.lags() ?? [],
        isConfigurationGood: () => this.#isConfigurationGood,
        configuredAt: () => this.#configuredAt / 1000,
      },
      onForecasts: () => {
        this.#lastForecastAt = this.#options.surroundings.now();
        this.streams.expire();
        this.#lookAtMemory();
      },
    };
  }
}
