import type { RequestListener, Server } from "node:http";
import { messageOf } from "../../core/text-of.ts";
import { log } from "../../logging/component-logger.ts";
import type { Connections } from "../connections.ts";
import { createUnobservedServer } from "../unobserved-server.ts";
import { ClosedDoor } from "./closed-door.ts";
import { type Exposure, exposureOf, isLoopback, isLoopbackRequest } from "./exposure.ts";
import { Guard } from "./guard.ts";
import { createSecureServer } from "./secure-connections.ts";
import { WebAccess } from "./web-access.ts";
import { authenticates, type WebConfig, type WebConfigSource } from "./web-config.ts";

/** Where a server listens, and who may use it. */
export interface DoorOptions {
  /** Name or address to listen on. */
  readonly host: string;
  /** The web configuration file; `undefined`: no encryption and no login. */
  readonly webConfig: WebConfigSource | undefined;
  /** Whether other machines may only be let in with a login; default `false`. */
  readonly requiresAuth?: boolean | undefined;
}

const FORBIDDEN = "This endpoint answers only requests to localhost\n";

/** Decides whether a server may listen, how its connections are encrypted, and who gets answers. */
export class Door {
  readonly #host: string;
  readonly #requiresAuth: boolean;
  readonly #access: WebAccess | undefined;
  #warnedOf: Exposure | undefined;

  constructor({ host, webConfig, requiresAuth = false }: DoorOptions) {
    this.#host = host;
    this.#requiresAuth = requiresAuth;
    this.#access =
      webConfig &&
      new WebAccess(webConfig, {
        rejects: (config) => this.#rejectsBecause(config),
        onReadAgain: (config) => this.#warn(config),
      });
  }

  /** Whether clients have to use HTTPS. Known when the server may listen. */
  get isEncrypted(): boolean {
    return this.#access?.latest?.tls !== undefined;
  }

  /** @throws ClosedDoor if the server must not listen. */
  async open(): Promise<void> {
    if (this.#access === undefined) {
      const reason = this.#rejectsBecause(undefined);
      if (reason !== undefined)
        throw new ClosedDoor(`${reason}; set OTEL_FORECAST_WEB_CONFIG to a web configuration file`, false);
      return;
    }
    const { path } = this.#access;
    try {
      await this.#access.current();
    } catch (error) {
      throw new ClosedDoor(`the web configuration file ${path} can't be used: ${messageOf(error)}`, true);
    }
  }

  /** Call it when the server listens. */
  opened(): void {
    this.#warn(this.#access?.latest);
  }

  createServer(connections: Connections): Server {
    if (this.#access === undefined) return createUnobservedServer();
    return createSecureServer(this.#access, connections);
  }

  /** Answers requests that must not get through, and passes on the others. */
  guard(next: RequestListener): RequestListener {
    const local = isLoopback(this.#host) ? this.#onlyLocal(next) : next;
    if (this.#access === undefined) return local;
    const guard = new Guard(this.#access, local);
    return (request, response) => guard.handle(request, response);
  }

  /**
   * A page of the internet can name itself by a host that resolves to this machine (DNS rebinding):
   * a browser here would then read our metrics for it. It cannot do that where a login is needed.
   */
  #onlyLocal(next: RequestListener): RequestListener {
    return (request, response) => {
      const config = this.#access?.latest;
      if (isLoopbackRequest(request.headers.host) || (config !== undefined && authenticates(config)))
        return next(request, response);
      response.statusCode = 403;
      response.setHeader("content-type", "text/plain; charset=utf-8");
      response.setHeader("content-length", Buffer.byteLength(FORBIDDEN));
      response.end(FORBIDDEN);
    };
  }

  #rejectsBecause(config: WebConfig | undefined): string | undefined {
    if (!this.#requiresAuth || exposureOf(this.#host, config) !== "no login") return undefined;
    return (
      "OTEL_FORECAST_REQUIRE_AUTH needs a login for other machines " +
      "(basic_auth_users, or client_auth_type RequireAndVerifyClientCert)"
    );
  }

  /** Logs once what is unsafe. */
  #warn(config: WebConfig | undefined): void {
    const exposure = exposureOf(this.#host, config);
    if (exposure === this.#warnedOf) return;
    this.#warnedOf = exposure;
    if (exposure === "no login")
      log.warn(
        `prometheus endpoint: ${this.#host} can be reached from other machines, and no login is needed: ` +
          "whoever reaches it reads all metrics; set OTEL_FORECAST_WEB_CONFIG to a web configuration file " +
          "with basic_auth_users, or OTEL_EXPORTER_PROMETHEUS_HOST to localhost",
      );
    if (exposure === "no encryption")
      log.warn(
        `prometheus endpoint: ${this.#host} can be reached from other machines without encryption: ` +
          "passwords can be read on the way; add tls_server_config to the web configuration file",
      );
  }
}
