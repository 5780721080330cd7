import type { Server } from "node:http";
import type { Socket } from "node:net";
import { createServer as createTlsServer, type Server as TlsServer } from "node:tls";
import { messageOf } from "../../core/text-of.ts";
import { log } from "../../logging/component-logger.ts";
import { createUnobservedServer } from "../unobserved-server.ts";
import { mayConnect } from "./client-certificate.ts";
import type { WebAccess } from "./web-access.ts";
import { CLIENT_AUTH, type WebTls } from "./web-config.ts";

const HANDSHAKE_TIMEOUT_MILLIS = 10_000;
/** The maximum of connections that are not encrypted yet. A new one replaces the oldest. */
const MAX_HANDSHAKES = 512;

/**
 * A server that encrypts each connection as the web configuration file asks when it begins. So a
 * renewed certificate needs no restart, and open connections stay as they are.
 */
export function createSecureServer(access: WebAccess): Server {
  const handshakes = new Handshakes();
  const server = createUnobservedServer((socket, accept) => {
    // No connection may keep the process running, or end it by an error.
    socket.unref().on("error", () => {});
    void handshakes.begin(socket, access, accept);
  });
  const close = server.close.bind(server);
  server.close = (closed) => {
    handshakes.end();
    return close(closed);
  };
  return server;
}

/** The connections that are not encrypted yet. */
class Handshakes {
  readonly #open = new Map<string, Socket>();
  /** Encrypts by `#settings`. It does not listen: connections are handed to it. */
  #server: TlsServer | undefined;
  #settings: WebTls | undefined;

  /** Calls `accept` when the connection is ready. Never rejects. */
  async begin(socket: Socket, access: WebAccess, accept: (ready: Socket) => void): Promise<void> {
    if (this.#open.size >= MAX_HANDSHAKES) this.#endOldest();
    const id = idOf(socket);
    this.#open.set(id, socket);
    socket.once("close", () => this.#open.delete(id));
    const ready = (connection: Socket): void => {
      this.#open.delete(idOf(connection));
      accept(connection);
    };
    try {
      const { tls } = await access.current();
      if (socket.destroyed) return;
      if (tls === undefined) ready(socket);
      else this.#serverFor(tls, ready).emit("connection", socket);
    } catch (error) {
      log.debug(`prometheus endpoint: could not secure a connection: ${messageOf(error)}`);
      socket.destroy();
    }
  }

  end(): void {
    for (const socket of this.#open.values()) socket.destroy();
  }

  #endOldest(): void {
    for (const [id, socket] of this.#open) {
      socket.destroy();
      this.#open.delete(id);
      return;
    }
  }

  #serverFor(tls: WebTls, ready: (connection: Socket) => void): TlsServer {
    if (this.#server !== undefined && this.#settings === tls) return this.#server;
    this.#settings = tls;
    this.#server = createTlsServer({
      ...tls.options,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MILLIS,
      ALPNProtocols: ["http/1.1"],
      requestCert: tls.clientAuth !== CLIENT_AUTH[0],
      rejectUnauthorized: tls.clientAuth === "RequireAndVerifyClientCert",
    });
    this.#server.on("secureConnection", (connection) => {
      connection.on("error", () => {});
      if (mayConnect(connection, tls)) ready(connection);
      else connection.destroy();
    });
    return this.#server;
  }
}

/** The same for a connection and for its encrypted form. */
function idOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
