import type { MeterProvider as ApiMeterProvider } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import { type IMetricReader, MeterProvider, type MetricProducer } from "@opentelemetry/sdk-metrics";
import { joinProducer, joinReader, joinScrapeReader } from "../otel/export/foreign-provider.ts";
import { type PushSettings, pushReaders } from "../otel/export/push-readers.ts";
import { GuardedMeterProvider } from "../otel/guarded-meters.ts";
import { PrometheusEndpoint } from "../prometheus/prometheus-endpoint.ts";
import type { ForecastPipeline } from "./forecast-pipeline.ts";

/**
 * The ways that metrics leave by: our endpoint, and exporters that push. Both carry what the pipeline gives out, and the
 * instruments of whatever meter provider they are bound to.
 */
export class Exporters {
  readonly endpoint: PrometheusEndpoint | undefined;
  readonly #pipeline: ForecastPipeline;
  readonly #resource: Resource;
  readonly #pushed: MetricProducer[];
  readonly #push: readonly IMetricReader[];
  #provider: MeterProvider | undefined;
  #guarded: GuardedMeterProvider | undefined;
  #areReadersTaken = false;
  #isPushedByOthers = false;

  constructor(pipeline: ForecastPipeline, resource: Resource, pushSettings: PushSettings) {
    const { host, port, exporters, maxSeries } = pipeline.options;
    this.#pipeline = pipeline;
    this.#resource = resource;
    this.#pushed = [pipeline.producer];
    this.#push = pushReaders(exporters, this.#pushed, pushSettings);
    if (exporters.includes("prometheus")) {
      this.endpoint = new PrometheusEndpoint({
        host,
        port,
        resource,
        metricProducers: [pipeline.producer],
        health: () => pipeline.health(),
        cardinalityLimit: maxSeries,
      });
    }
  }

  /** Readers for a meter provider that the application builds: what it measures is forecast and goes out with ours. */
  takeReaders(): IMetricReader[] {
    if (this.#areReadersTaken)
      throw new Error("otel-forecast: the readers of a monitor can be given to one provider only");
    this.#areReadersTaken = true;
    const application = this.#pipeline.readers.newReader();
    this.#pipeline.readers.add(application);
    return [application, ...this.#push, ...(this.endpoint === undefined ? [] : [this.endpoint.reader])];
  }

  /** The provider that is ours; absent when the readers were given to one that the application builds. */
  get ownProvider(): MeterProvider | undefined {
    return this.#areReadersTaken ? this.#provider : this.provider;
  }

  /** A meter provider whose instruments are forecast and exported; made when it is first asked for. */
  get provider(): MeterProvider {
    this.#provider ??= new MeterProvider({ resource: this.#resource, readers: this.takeReaders() });
    return this.#provider;
  }

  /** The same for the application to use: none of its calls throws, whatever it is given. */
  get guardedProvider(): ApiMeterProvider {
    this.#guarded ??= new GuardedMeterProvider(this.provider, this.#pipeline.skips);
    return this.#guarded;
  }

  /**
   * Joins a meter provider that the application has built: its instruments are forecast from now on, its exporters carry
   * ours too, and our endpoint shows all of it. `false` when the provider is not one that can be joined.
   */
  join(provider: unknown): boolean {
    const application = this.#pipeline.readers.newReader();
    if (!joinReader(provider, application)) return false;
    this.#pipeline.readers.add(application);
    if (joinProducer(provider, this.#pipeline.producer) > 0) {
      this.#isPushedByOthers = true;
      this.#pushed.length = 0;
    }
    const scraped = this.endpoint === undefined ? undefined : joinScrapeReader(provider);
    if (scraped !== undefined) this.endpoint?.addReader(scraped);
    return true;
  }

  /** Carries the metrics of one more producer, beside the pipeline's. */
  addProducer(producer: MetricProducer): void {
    this.#pushed.push(producer);
    this.endpoint?.addProducer(producer);
  }

  /** Whether anybody is told of what is measured at the end: an exporter that pushes, ours or the application's. */
  get pushes(): boolean {
    return this.#push.length > 0 || this.#isPushedByOthers;
  }

  async start(): Promise<void> {
    if (!this.#areReadersTaken) void this.provider;
    await this.endpoint?.start();
  }

  /** Pushes what is there and closes the endpoint. A provider that the application has built is its own to shut down. */
  async shutdown(): Promise<void> {
    await Promise.allSettled([this.#provider?.shutdown(), this.endpoint?.shutdown()]);
  }
}
