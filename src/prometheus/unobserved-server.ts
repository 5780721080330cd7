import { EventEmitter } from "node:events";
import { createServer, type Server } from "node:http";
import type { Socket } from "node:net";

const { emit } = EventEmitter.prototype;
/** The same symbol in every copy of this package in the process. */
const OURS = Symbol.for("otel-forecast.unobserved-server");

/** Receives a new connection. `accept` lets the server read requests from it. */
export type Doorkeeper = (connection: Socket, accept: (ready: Socket) => void) => void;

/**
 * A server whose requests no instrumentation of the application sees: each scrape would be a span
 * of the application. Instrumentations replace `emit`, of all servers or of one server at its first
 * request. This server keeps its own.
 *
 * @param doorkeeper receives each connection before the server does. Default: the server receives
 * them at once.
 */
export function createUnobservedServer(doorkeeper?: Doorkeeper): Server {
  const server = createServer();
  const own = doorkeeper === undefined ? emit : emitWith(server, doorkeeper);
  Object.defineProperty(server, "emit", { configurable: true, get: () => own, set: () => {} });
  Object.defineProperty(server, OURS, { value: true });
  return server;
}

function emitWith(server: Server, doorkeeper: Doorkeeper): typeof emit {
  return (event: string | symbol, ...args: unknown[]) => {
    if (event !== "connection") return emit.call(server, event, ...args);
    doorkeeper(args[0] as Socket, (ready) => void emit.call(server, "connection", ready));
    return true;
  };
}

/** Whether a server was created by `createUnobservedServer`, of any copy of this package. */
export function isUnobservedServer(server: object): boolean {
  return OURS in server;
}
