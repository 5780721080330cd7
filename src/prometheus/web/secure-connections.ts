import type { Server } from "node:http";
import type { Socket } from "node:net";
import { createServer as createTlsServer, type Server as TlsServer } from "node:tls";
import { messageOf } from "../../core/text-of.ts";
import { log } from "../../logging/component-logger.ts";
import type { Connections } from "../connections.ts";
import { createUnobservedServer } from "../unobserved-server.ts";
import { mayConnect } from "./client-certificate.ts";
import type { WebAccess } from "./web-access.ts";
import { CLIENT_AUTH, type WebTls } from "./web-config.ts";

/**
 * A server that encrypts each connection as the web configuration file asks when it begins. So a
 * renewed certificate needs no restart, and open connections stay as they are.
 *
 * @param connections follows the handshakes: they count among the connections of the port.
 */
export function createSecureServer(access: WebAccess, connections: Connections): Server {
  const handshakes = new Handshakes(connections, ["http/1.1"]);
  return createUnobservedServer((socket, accept) => {
    // No connection may keep the process running, or end it by an error.
    socket.on("error", () => {});
    void handshakes.begin(socket, access, accept);
  });
}

/** The connections that are not encrypted yet. */
export class Handshakes {
  readonly #connections: Connections;
  readonly #protocols: readonly string[];
  readonly #open = new Map<string, Socket>();
  /** Encrypts by `#settings`. It does not listen: connections are handed to it. */
  #server: TlsServer | undefined;
  #settings: WebTls | undefined;

  /** @param protocols the names of the protocols that clients may choose (ALPN). */
  constructor(connections: Connections, protocols: readonly string[]) {
    this.#connections = connections;
    this.#protocols = protocols;
  }

  /** Calls `accept` when the connection is ready. Never rejects. */
  async begin(socket: Socket, access: WebAccess, accept: (ready: Socket) => void): Promise<void> {
    const id = idOf(socket);
    this.#open.set(id, socket);
    socket.once("close", () => this.#forget(id, socket));
    this.#connections.addHandshake(socket);
    const ready = (connection: Socket): void => {
      this.#finish(idOf(connection));
      accept(connection);
    };
    try {
      const { tls } = await access.current();
      if (socket.destroyed) return;
      if (tls === undefined) ready(socket);
      else this.#serverFor(tls, ready).emit("connection", socket);
    } catch (error) {
      log.debug(`could not secure a connection: ${messageOf(error)}`);
      socket.destroy();
    }
  }

  /** The connection goes on, mostly as another one. */
  #finish(id: string): void {
    const socket = this.#open.get(id);
    if (socket !== undefined) this.#connections.endHandshake(socket);
    this.#open.delete(id);
  }

  /** A new connection may have the address of one that has just ended. */
  #forget(id: string, socket: Socket): void {
    if (this.#open.get(id) === socket) this.#open.delete(id);
  }

  #serverFor(tls: WebTls, ready: (connection: Socket) => void): TlsServer {
    if (this.#server !== undefined && this.#settings === tls) return this.#server;
    this.#settings = tls;
    this.#server = createTlsServer({
      ...tls.options,
      ALPNProtocols: [...this.#protocols],
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
function idOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`;
}
