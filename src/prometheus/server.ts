import type { RequestListener, Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { clearTimeout, setTimeout } from "node:timers";
import { log } from "../logging/component-logger.ts";
import { Connections } from "./connections.ts";
import { consequenceOf, listen } from "./listen.ts";
import { onceListeningEnds, watchPort } from "./port-claims.ts";
import { isUnobservedServer } from "./unobserved-server.ts";
import { Door } from "./web/door.ts";

/** Where a server listens, and what it does if it cannot. */
export interface MetricsServerOptions {
  /** Name or address to listen on. `localhost` is 127.0.0.1. */
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** The wait before the first retry. Each further wait is twice as long, up to 30 s. */
  readonly retryMillis: number;
  /**
   * Called if the port is taken: whether its owner shows this process too. If so, there is no
   * retry.
   */
  readonly isShownByOwner?: () => Promise<boolean>;
  /** Who may connect, and how. Default: everybody, without encryption. */
  readonly door?: Door;
  /** Called when the server listens. */
  readonly onListening?: () => void;
}

const MAX_RETRY_MILLIS = 30_000;
/** The wait before the first retry of a port whose owner has just ended. */
const SOON_MILLIS = 50;
/** How long an open request may take when the server shuts down. */
const GRACE_MILLIS = 1000;

/**
 * An HTTP server that retries a port in use and keeps no process alive. It is closed a second after
 * `shutdown()`, whatever its clients do.
 */
export class MetricsServer {
  readonly #options: MetricsServerOptions;
  readonly #onRequest: RequestListener;
  readonly #door: Door;
  /** Created when it is to listen: a process that ends before that does not load HTTP. */
  #server: Server | undefined;
  readonly #connections = new Connections();
  #retry: NodeJS.Timeout | undefined;
  #isHopeless = false;
  #unwatch = (): void => {};
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: MetricsServerOptions, onRequest: RequestListener) {
    this.#options = options;
    this.#door = options.door ?? new Door({ host: options.host, webConfig: undefined });
    this.#onRequest = this.#door.guard(onRequest);
  }

  /** The port that it listens on; `undefined` before that. */
  get port(): number | undefined {
    return (this.#server?.address() as AddressInfo | null | undefined)?.port;
  }

  /** Whether it cannot listen and a retry would not help. */
  get isHopeless(): boolean {
    return this.#isHopeless;
  }

  /** Whether an attempt to listen has failed and none has succeeded since. */
  get hasFailedToListen(): boolean {
    return this.#isHopeless || (this.#retry !== undefined && this.port === undefined);
  }

  /**
   * Settles after the first attempt to listen. A failure is logged, and retried if it may go away.
   */
  start(): Promise<void> {
    this.#started ??= this.#listen(this.#options.retryMillis);
    return this.#started;
  }

  /** Listens after the process that had the port, and showed this one, has ended. */
  async listenAgain(): Promise<void> {
    if (this.#stopped === undefined) await this.#listen(SOON_MILLIS);
  }

  /** Stops listening, lets open requests finish for a second and closes every connection. */
  shutdown(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #listen(retryMillis: number): Promise<void> {
    const { host, port } = this.#options;
    this.#unwatch();
    let server: Server;
    try {
      // What creates servers may be replaced by the application, such as in its tests.
      server = this.#server ??= this.#create();
      await this.#door.open();
      if (this.#stopped !== undefined) return;
      await listen(server, port, host === "localhost" ? "127.0.0.1" : host);
    } catch (error) {
      await this.#onCannotListen(error as NodeJS.ErrnoException, retryMillis);
      return;
    }
    server.on("error", (error) => log.error("prometheus endpoint: server error", error));
    if (this.#stopped !== undefined) {
      server.close();
      return;
    }
    this.#door.opened();
    if (this.#retry !== undefined) log.info(`prometheus endpoint: listening on ${host}:${this.port} now`);
    const address = { host, port: this.port ?? port };
    this.#unwatch = watchPort(address, isUnobservedServer, (claimer) => this.#freePort(claimer));
    this.#options.onListening?.();
  }

  /**
   * Frees the port, because a server of the application wants it. Without us the port would be free.
   * Until that server listens, which may take a slow lookup of its host, the port is left alone.
   */
  #freePort(claimer: object): void {
    const { host, port, retryMillis } = this.#options;
    this.#unwatch();
    this.#server?.close();
    this.#server = undefined;
    this.#connections.destroyAll();
    log.warn(
      `prometheus endpoint: the application listens on ${host}:${port} itself; metrics are not served ` +
        "until the port is free; to use another port, set OTEL_EXPORTER_PROMETHEUS_PORT",
    );
    this.#unwatch = onceListeningEnds(claimer, () => {
      clearTimeout(this.#retry);
      this.#tryLater(retryMillis);
    });
    this.#tryLater(MAX_RETRY_MILLIS);
  }

  async #onCannotListen(error: NodeJS.ErrnoException, retryMillis: number): Promise<void> {
    const isShown = error.code === "EADDRINUSE" && (await this.#options.isShownByOwner?.()) === true;
    if (isShown || this.#stopped !== undefined) return;
    const { host, port } = this.#options;
    const { text, mayGoAway } = consequenceOf(error);
    if (this.#retry === undefined)
      log.error(`prometheus endpoint: cannot listen on ${host}:${port} (${error.message}); ${text}`);
    this.#isHopeless = !mayGoAway;
    if (mayGoAway) this.#tryLater(retryMillis);
  }

  #tryLater(retryMillis: number): void {
    const next = Math.min(retryMillis * 2, MAX_RETRY_MILLIS);
    this.#retry = setTimeout(() => void this.#listen(next), retryMillis);
    this.#retry.unref();
  }

  async #stop(): Promise<void> {
    clearTimeout(this.#retry);
    this.#unwatch();
    const server = this.#server;
    if (server === undefined) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    this.#connections.close();
    const deadline = setTimeout(() => this.#connections.destroyAll(), GRACE_MILLIS);
    await closed;
    clearTimeout(deadline);
  }

  #create(): Server {
    const server = this.#door.createServer(this.#connections);
    server.on("connection", (socket: Socket) => this.#connections.add(socket));
    server.on("request", (request, response) => {
      this.#connections.answers(request.socket, response);
      try {
        this.#onRequest(request, response);
      } catch (error) {
        // Here it would end the application.
        log.debug("prometheus endpoint: could not answer a request", error);
        response.destroy();
      }
    });
    server.unref();
    return server;
  }
}
