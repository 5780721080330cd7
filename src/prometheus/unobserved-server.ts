import { EventEmitter } from "node:events";
import { createServer, type Server } from "node:http";

const { emit } = EventEmitter.prototype;
/** The same symbol in every copy of this package in the process. */
const OURS = Symbol.for("otel-forecast.unobserved-server");

/**
 * A server whose requests no instrumentation of the application sees: each scrape would be a span
 * of the application. Instrumentations replace `emit`, of all servers or of one server at its first
 * request. This server keeps its own.
 */
export function createUnobservedServer(): Server {
  const server = createServer();
  Object.defineProperty(server, "emit", { configurable: true, get: () => emit, set: () => {} });
  Object.defineProperty(server, OURS, { value: true });
  return server;
}

/** Whether a server was created by `createUnobservedServer`, of any copy of this package. */
export function isUnobservedServer(server: object): boolean {
  return OURS in server;
}
