import type { MeterProvider as ApiMeterProvider } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import type { IMetricReader, MeterProvider, MetricProducer } from "@opentelemetry/sdk-metrics";
import { webConfigFile } from "../config/web/web-config-file.ts";
import type { CollectionReader } from "../otel/collection-reader.ts";
import { joinProducer, joinReader, joinReaders } from "../otel/export/foreign-provider.ts";
import type { PushReader } from "../otel/export/last-push.ts";
import { type PushSettings, pushReaders } from "../otel/export/push-readers.ts";
import { GuardedMeterProvider } from "../otel/guarded-meters.ts";
import { sharedProvider } from "../otel/shared-provider.ts";
import { EndpointReader } from "../prometheus/endpoint-reader.ts";
import { MAX_PAGE_BYTES } from "../prometheus/page-budget.ts";
import { PrometheusEndpoint } from "../prometheus/prometheus-endpoint.ts";
import { selectorsTest } from "../status/series-selector.ts";
import type { StatusReader } from "../status/status-reader.ts";
import { routesOf, shows, statusReader } from "./endpoint-routes.ts";
import type { ForecastPipeline } from "./forecast-pipeline.ts";

/** The page has room for the maximum of series and their forecasts. */
const PAGE_BYTES_OF_SERIES = 1000;

/**
 * Hands metrics on: by our Prometheus endpoint, and by exporters that push. Both export what the
 * pipeline's producer holds and the instruments of the meter provider that has their readers.
 */
export class Exporters {
  readonly endpoint: PrometheusEndpoint | undefined;
  /** Reads what is forecast, for the page, the read API, and a process that shows this one. */
  readonly status: StatusReader;
  readonly #pipeline: ForecastPipeline;
  readonly #resource: Resource;
  readonly #pushed: MetricProducer[];
  readonly #push: readonly PushReader[];
  #provider: MeterProvider | undefined;
  /** The reader of the provider that has the reader of the endpoint. */
  #application: CollectionReader | undefined;
  #guarded: GuardedMeterProvider | undefined;
  /** Whether the readers belong to a meter provider, ours or the application's. */
  #areReadersTaken = false;
  #isPushedByOthers = false;

  constructor(pipeline: ForecastPipeline, resource: Resource, pushSettings: PushSettings) {
    const { options } = pipeline;
    const { host, port, exporters, maxSeries, webConfigFile: webFile, requireAuth } = options;
    this.#pipeline = pipeline;
    this.#resource = resource;
    this.status = statusReader(pipeline, () => this.endpoint);
    this.#pushed = [pipeline.producer];
    this.#push = pushReaders(exporters, this.#pushed, pushSettings, {
      hurry: pipeline.hurry,
      rejected: (points, reason) =>
        pipeline.skips.skip(
          "push_rejected",
          () => `points that a receiver of OTLP rejected: ${reason}`,
          points,
        ),
    });
    if (exporters.includes("prometheus")) {
      this.endpoint = new PrometheusEndpoint({
        host,
        port,
        resource,
        metricProducers: [pipeline.producer],
        health: () => ({ ...pipeline.health() }),
        cardinalityLimit: maxSeries,
        hurry: pipeline.hurry,
        maxPageBytes: Math.max(MAX_PAGE_BYTES, maxSeries * PAGE_BYTES_OF_SERIES),
        classicBuckets: options.classicBuckets,
        translation: () => options.translation,
        onPageFull: (points, metric) =>
          pipeline.skips.skip("max_page", `points of ${metric} that find no room on /metrics`, points),
        shownOf: (...instrument) => this.#application?.sets.shownOf(...instrument),
        webConfig: webFile === undefined ? undefined : webConfigFile(webFile),
        requiresAuth: requireAuth,
        selectorsTest,
        routes: routesOf(pipeline, this.status),
      });
      shows(this.endpoint, pipeline);
    }
  }

  /**
   * The readers for a meter provider that the application creates: what it measures is forecast,
   * and exported beside our metrics.
   *
   * @throws Error when another provider has the readers already.
   */
  takeReaders(): IMetricReader[] {
    if (this.#areReadersTaken)
      throw new Error("otel-forecast: the readers of a monitor can be given to one provider only");
    this.#areReadersTaken = true;
    const application = this.#pipeline.readers.newReader();
    this.#pipeline.readers.add(application);
    this.#application = application;
    return [application, ...this.#push, ...(this.endpoint === undefined ? [] : [this.endpoint.reader])];
  }

  /** Our meter provider; `undefined` when a provider of the application has the readers. */
  get ownProvider(): MeterProvider | undefined {
    return this.#areReadersTaken ? this.#provider : this.provider;
  }

  /**
   * A meter provider whose instruments are forecast and exported. It is created at the first use.
   */
  get provider(): MeterProvider {
    this.#provider ??= sharedProvider({
      resource: this.#resource,
      readers: this.takeReaders(),
      maxAttributeSets: this.#pipeline.options.maxSeries,
    });
    return this.#provider;
  }

  /**
   * The same provider for the application: none of its calls throws, whatever its arguments are.
   */
  get guardedProvider(): ApiMeterProvider {
    this.#guarded ??= new GuardedMeterProvider(this.provider, this.#pipeline.skips, this.#pipeline.hurry);
    return this.#guarded;
  }

  /**
   * Joins a meter provider that the application has created: its instruments are forecast from now
   * on, its exporters export our metrics too, and our endpoint shows all of them.
   *
   * @returns `false` when the provider is of a kind that cannot be joined.
   */
  join(provider: unknown): boolean {
    const application = this.#pipeline.readers.newReader();
    if (!this.#joinReaders(provider, application)) return false;
    this.#pipeline.readers.add(application);
    if (joinProducer(provider, this.#pipeline.producer) > 0) {
      this.#isPushedByOthers = true;
      this.#pushed.length = 0;
    }
    return true;
  }

  #joinReaders(provider: unknown, application: CollectionReader): boolean {
    if (this.endpoint === undefined) return joinReader(provider, application);
    const scraped = new EndpointReader({
      shownOf: (...instrument) => application.sets.shownOf(...instrument),
      hurry: this.#pipeline.hurry,
      cardinalityLimit: this.#pipeline.options.maxSeries,
    });
    if (!joinReaders(provider, application, scraped)) return false;
    this.endpoint.addReader(scraped);
    return true;
  }

  /** Exports the metrics of another producer beside those of the pipeline. */
  addProducer(producer: MetricProducer): void {
    this.#pushed.push(producer);
    this.endpoint?.addProducer(producer);
  }

  /** Whether an exporter pushes, ours or the application's: the last collection reaches it. */
  get pushes(): boolean {
    return this.#push.length > 0 || this.#isPushedByOthers;
  }

  async start(): Promise<void> {
    if (!this.#areReadersTaken) void this.provider;
    await this.endpoint?.start();
  }

  /** Pushes now, in the time that a process that ends has, and goes on. */
  async pushBriefly(): Promise<void> {
    await Promise.allSettled(this.#push.map((reader) => reader.pushBriefly()));
  }

  /**
   * Pushes the last metrics and closes the endpoint. The application shuts its own provider down.
   */
  async shutdown(): Promise<void> {
    await Promise.allSettled([this.#provider?.shutdown(), this.endpoint?.shutdown()]);
  }
}
