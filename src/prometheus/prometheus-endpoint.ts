import { defaultResource, type Resource } from "@opentelemetry/resources";
import type { IMetricReader, MetricProducer, ScopeMetrics } from "@opentelemetry/sdk-metrics";
import type { MetricSource } from "./collect-all.ts";
import { EndpointReader } from "./endpoint-reader.ts";
import {
  giveUpTurn,
  isFirst,
  type Place,
  type PortSharer,
  passOn,
  sharingWith,
  takeTurn,
} from "./port-sharing.ts";
import { createRequestHandler, type HealthReport } from "./request-handler.ts";
import { Scraper } from "./scraper.ts";
import { MetricsServer } from "./server.ts";

export interface PrometheusEndpointOptions {
  /** Where to listen; `localhost` unless given. */
  readonly host?: string;
  /** 9464 unless given; 0 for any free port. */
  readonly port?: number;
  /** Producers whose metrics are shown beside those of the readers. */
  readonly metricProducers?: readonly MetricProducer[];
  /** How long a scrape waits for callbacks and producers, 5000 unless given; less where Prometheus waits less. */
  readonly collectTimeoutMillis?: number;
  /** What `/health` says; healthy unless given. */
  readonly health?: () => HealthReport;
  /** The first wait before a port in use is tried again, 1000 unless given; it doubles up to 30 s. */
  readonly retryMillis?: number;
  /** Attribute sets that one instrument may have on `reader`; the SDK's 2000 unless given. */
  readonly cardinalityLimit?: number;
  /** Shown as `target_info` while no reader gives a resource. */
  readonly resource?: Resource;
}

/** The other processes that want the port of an endpoint and do the same work: the workers of a cluster. */
export interface FellowProcesses {
  /** What is shown in place of what the readers of this process show; undefined: just that. */
  sumWith(shown: readonly ScopeMetrics[]): readonly ScopeMetrics[] | undefined;
  /** Another process has the port: whether it is one of them, which shows the metrics of this one too. */
  isShownByOwner?(): Promise<boolean>;
  /** The port is this process's own from now on. */
  ownsPort?(): void;
}

/**
 * Serves `/metrics` in Prometheus's text format and `/health` as JSON, from the metrics of any number of readers and
 * producers. Give `reader` to a meter provider; without one, the producers are served alone.
 *
 * Of the endpoints of one process that want one port of one host the first listens, and shows what all of them show. When it is shut
 * down, the next one listens.
 */
export class PrometheusEndpoint implements PortSharer {
  readonly #reader: EndpointReader;
  readonly #readers: MetricSource[] = [];
  readonly #producers: MetricSource[];
  readonly #server: MetricsServer;
  readonly #scraper: Scraper;
  #fellows: FellowProcesses | undefined;
  /** Where it listens; `localhost` is 127.0.0.1. */
  readonly host: string;
  readonly #port: number;
  #isStarted = false;
  #hasBegun = false;
  #ended: Promise<void> | undefined;

  /** Throws where an option is out of its range. */
  constructor(options: PrometheusEndpointOptions = {}) {
    const { host = "localhost", port = 9464, collectTimeoutMillis = 5000, retryMillis = 1000 } = options;
    check("host", host, host !== "", "the name or address of a network interface");
    check(
      "port",
      port,
      Number.isInteger(port) && port >= 0 && port <= 65_535,
      "a whole number from 0 to 65535",
    );
    check("collectTimeoutMillis", collectTimeoutMillis, collectTimeoutMillis > 0, "more than 0 ms");
    check("retryMillis", retryMillis, retryMillis > 0, "more than 0 ms");
    this.host = host;
    this.#port = port;
    this.#producers = [...(options.metricProducers ?? [])];
    this.#reader = new EndpointReader({
      cardinalityLimit: options.cardinalityLimit,
      onShutdown: () => this.shutdown(),
    });
    this.#scraper = new Scraper({
      readers: () => sharingWith(this).flatMap(({ readers }) => readers),
      producers: () => sharingWith(this).flatMap(({ producers }) => producers),
      replaced: (shown) => this.#fellows?.sumWith(shown),
      timeoutMillis: collectTimeoutMillis,
      resource: options.resource ?? defaultResource(),
    });
    this.#server = new MetricsServer(
      {
        host,
        port,
        retryMillis,
        isShownByOwner: async () => (await this.#fellows?.isShownByOwner?.()) === true,
        onListening: () => this.#fellows?.ownsPort?.(),
      },
      createRequestHandler({
        scrape: (patienceMillis) => this.#scraper.scrape(patienceMillis),
        health: options.health ?? (() => ({ healthy: true })),
      }),
    );
  }

  /** To be given to a `MeterProvider` or `NodeSDK`. When that shuts down, so does the endpoint. */
  get reader(): IMetricReader {
    return this.#reader;
  }

  /** The port that is listened on; until then, the port that was asked for. */
  get port(): number {
    return this.#server.port ?? this.#port;
  }

  /** Whether it listens, or tries to. */
  get isListening(): boolean {
    return this.#hasBegun && !this.isHopeless;
  }

  /** Whether it was found that it can't listen, and that no other attempt would help. */
  get isHopeless(): boolean {
    return this.#server.isHopeless;
  }

  /** Whether it could not listen so far; that was said. */
  get isHeldUp(): boolean {
    return this.#server.isHeldUp;
  }

  /** Where the endpoint is found from this machine, such as `http://localhost:9464`. */
  get url(): string {
    const host = ["0.0.0.0", "::", ""].includes(this.host) ? "localhost" : this.host;
    return `http://${host.includes(":") ? `[${host}]` : host}:${this.port}`;
  }

  /** The readers that have something to show. */
  get readers(): readonly MetricSource[] {
    return this.#reader.isBound ? [this.#reader, ...this.#readers] : this.#readers;
  }

  get producers(): readonly MetricSource[] {
    return this.#producers;
  }

  /** Shows the metrics of one more reader, of an app's own meter provider for one. It is read, never shut down. */
  addReader(reader: MetricSource): void {
    this.#readers.push(reader);
  }

  /** Shows the metrics of one more producer. */
  addProducer(producer: MetricSource): void {
    this.#producers.push(producer);
  }

  /** Shows what other processes measure too, and is shown by one of them when that has the port. Before it starts. */
  joinPeers(fellows: FellowProcesses): void {
    this.#fellows = fellows;
  }

  /** What the readers of this process show by themselves. */
  shownByReaders(): Promise<ScopeMetrics[]> {
    return this.#scraper.shownByReaders();
  }

  /** The process that had the port, and showed the metrics of this one, is there no more. */
  listenAgain(): Promise<void> {
    return this.#server.listenAgain();
  }

  /** Takes its turn among the endpoints that want the port, before it starts. */
  reserve(): void {
    if (this.#ended === undefined) takeTurn(this);
  }

  /** Gives up its turn, unless it has started. */
  async release(): Promise<void> {
    if (!this.#isStarted) await giveUpTurn(this, this.#place);
  }

  /**
   * Begins to listen, unless another one does that shows it too. Settles when it listens, or has reported that it cannot
   * yet. One that was shut down is not started again. Never rejects.
   */
  async start(): Promise<void> {
    if (this.#ended !== undefined) return;
    takeTurn(this);
    this.#isStarted = true;
    if (isFirst(this)) await this.#listen();
  }

  /** Its turn has come: the endpoint that showed it is gone. */
  async takePort(): Promise<void> {
    if (this.#isStarted && this.#ended === undefined) await this.#listen();
  }

  /** Answers what is under way for up to a second, closes all connections and hands the port on. */
  shutdown(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<void> {
    const place = this.#place;
    await this.#server.shutdown();
    await giveUpTurn(this, place);
  }

  async #listen(): Promise<void> {
    this.#hasBegun = true;
    await this.#server.start();
    if (this.isHopeless) await passOn(this.#place);
  }

  get #place(): Place {
    return { host: this.host, port: this.port };
  }
}

function check(option: string, value: unknown, isRight: boolean, expected: string): void {
  if (!isRight)
    throw new RangeError(`PrometheusEndpoint: ${option} is ${String(value)}, expected ${expected}`);
}
