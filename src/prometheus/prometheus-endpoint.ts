import { defaultResource } from "@opentelemetry/resources";
import type { IMetricReader, ScopeMetrics } from "@opentelemetry/sdk-metrics";
import type { Route } from "./answers.ts";
import type { MetricSource } from "./collect-all.ts";
import { checkedOptions, type PrometheusEndpointOptions } from "./endpoint-options.ts";
import { EndpointReader } from "./endpoint-reader.ts";
import type { Address } from "./port-claims.ts";
import {
  giveUpTurn,
  isFirst,
  type PeerProcesses,
  type PortSharer,
  passOn,
  sharingWith,
  takeTurn,
} from "./port-sharing.ts";
import { createRequestHandler } from "./request-handler.ts";
import { Scraper } from "./scraper.ts";
import { MetricsServer } from "./server.ts";
import { Door } from "./web/door.ts";
import { within } from "./within.ts";

/** The longest time that the port is kept for the last message to the other processes. */
const LAST_MILLIS = 1000;

/**
 * Serves `/metrics` in Prometheus's text format and `/health` as JSON. The metrics come from any
 * number of readers and producers. Give `reader` to a meter provider; without one, only the
 * producers are served.
 *
 * If several endpoints of a process want the same port of the same host, the first one listens and
 * shows the metrics of all. When it is shut down, the next one listens.
 */
export class PrometheusEndpoint implements PortSharer {
  readonly #reader: EndpointReader;
  readonly #readers: MetricSource[] = [];
  readonly #producers: MetricSource[];
  readonly #server: MetricsServer;
  readonly #scraper: Scraper;
  readonly #door: Door;
  #peers: PeerProcesses | undefined;
  /** Name or address that it listens on; `localhost` is 127.0.0.1. */
  readonly host: string;
  readonly #port: number;
  readonly #routes: readonly Route[];
  #isStarted = false;
  #hasBegun = false;
  #ended: Promise<void> | undefined;

  /** @throws RangeError that names an option outside its range. */
  constructor(options: PrometheusEndpointOptions = {}) {
    const { host, port, collectTimeoutMillis, retryMillis, selectorsTest } = checkedOptions(options);
    this.host = host;
    this.#port = port;
    this.#routes = [...(options.routes?.values() ?? [])];
    this.#producers = [...(options.metricProducers ?? [])];
    this.#reader = new EndpointReader({
      cardinalityLimit: options.cardinalityLimit,
      hurry: options.hurry,
      shownOf: options.shownOf,
      onShutdown: () => this.shutdown(),
    });
    this.#scraper = new Scraper({
      readers: () => sharingWith(this).flatMap(({ readers }) => readers),
      producers: () => sharingWith(this).flatMap(({ producers }) => producers),
      replaced: (shown) => this.#peers?.sumWith(shown),
      timeoutMillis: collectTimeoutMillis,
      maxPageBytes: options.maxPageBytes,
      classicBuckets: options.classicBuckets,
      translation: options.translation,
      onPageFull: options.onPageFull,
      resource: options.resource ?? defaultResource(),
    });
    this.#door = new Door({ host, webConfig: options.webConfig, requiresAuth: options.requiresAuth });
    this.#server = new MetricsServer(
      {
        host,
        port,
        retryMillis,
        door: this.#door,
        isShownByOwner: async () => (await this.#peers?.isShownByOwner?.()) === true,
        onListening: () => this.#peers?.onPortAcquired?.(),
      },
      createRequestHandler({
        translation: options.translation,
        scrape: (asked) => this.#scraper.scrape(asked),
        scrapePart:
          selectorsTest === undefined
            ? undefined
            : async (selectors, asked) => this.#scraper.scrapePart(selectorsTest(selectors), asked),
        health: options.health ?? (() => ({ healthy: true })),
        routes: options.routes,
      }),
    );
  }

  /**
   * Give it to a `MeterProvider` or `NodeSDK`. When that shuts down, the endpoint shuts down too.
   */
  get reader(): IMetricReader {
    return this.#reader;
  }

  /** The port that it listens on. Before it listens: the port that was asked for. */
  get port(): number {
    return this.#server.port ?? this.#port;
  }

  /** Whether it listens or tries to. */
  get isListening(): boolean {
    return this.#hasBegun && !this.isHopeless;
  }

  /** Whether it cannot listen and a retry would not help. */
  get isHopeless(): boolean {
    return this.#server.isHopeless;
  }

  /** Whether an attempt to listen has failed and none has succeeded since. It was logged. */
  get hasFailedToListen(): boolean {
    return this.#server.hasFailedToListen;
  }

  /** The address for clients on this machine, such as `http://localhost:9464`. */
  get url(): string {
    const host = ["0.0.0.0", "::", ""].includes(this.host) ? "localhost" : this.host;
    const scheme = this.#door.isEncrypted ? "https" : "http";
    return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${this.port}`;
  }

  /** The readers that can be collected. */
  get readers(): readonly MetricSource[] {
    return this.#reader.isBound ? [this.#reader, ...this.#readers] : this.#readers;
  }

  /** The endpoints of this process that this one shows, itself first. */
  get shown(): readonly PortSharer[] {
    return sharingWith(this);
  }

  get producers(): readonly MetricSource[] {
    return this.#producers;
  }

  /**
   * Shows the metrics of another reader, such as that of an application's own provider. It is never
   * shut down here.
   */
  addReader(reader: MetricSource): void {
    this.#readers.push(reader);
  }

  /** Shows the metrics of another producer. */
  addProducer(producer: MetricSource): void {
    this.#producers.push(producer);
  }

  /**
   * Shares the port with other processes: its owner shows the metrics of all. Call it before
   * `start()`.
   */
  joinPeers(peers: PeerProcesses): void {
    this.#peers = peers;
  }

  /** What the readers of this process show, without other processes. */
  shownByReaders(): Promise<ScopeMetrics[]> {
    return this.#scraper.shownByReaders();
  }

  /** Call it when the process that had the port, and showed this one, has ended. */
  listenAgain(): Promise<void> {
    return this.#server.listenAgain();
  }

  /** Takes a turn among the endpoints that want the port, before `start()`. */
  reserve(): void {
    if (this.#ended === undefined) takeTurn(this);
  }

  /** Gives up the turn unless it has started. */
  async release(): Promise<void> {
    if (!this.#isStarted) await giveUpTurn(this, this.#address);
  }

  /**
   * Listens, unless another endpoint shows this one too. Settles when it listens, or has logged
   * that it cannot yet. Does nothing after `shutdown()`. Never rejects.
   */
  async start(): Promise<void> {
    if (this.#ended !== undefined) return;
    takeTurn(this);
    this.#isStarted = true;
    if (isFirst(this)) await this.#listen();
  }

  /** Called when its turn has come, because the endpoint that showed it has gone. */
  async takePort(): Promise<void> {
    if (this.#isStarted && this.#ended === undefined) await this.#listen();
  }

  /**
   * Lets open requests finish for up to a second, closes all connections and passes the port on.
   */
  shutdown(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<void> {
    const address = this.#address;
    for (const route of this.#routes) route.close?.();
    await within(LAST_MILLIS, async () => this.#peers?.sendLast?.()).catch(() => {});
    await this.#server.shutdown();
    await giveUpTurn(this, address);
    await this.#peers?.leave?.();
  }

  async #listen(): Promise<void> {
    this.#hasBegun = true;
    await this.#server.start();
    if (this.isHopeless) await passOn(this.#address);
  }

  get #address(): Address {
    return { host: this.host, port: this.port };
  }
}
