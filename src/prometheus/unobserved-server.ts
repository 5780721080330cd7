import { EventEmitter } from "node:events";
import { createServer, type Server } from "node:http";

const { emit } = EventEmitter.prototype;
/** Known to every copy of this package in the process. */
const OURS = Symbol.for("otel-forecast.unobserved-server");

/**
 * A server whose requests no instrumentation of the application sees: each would be a span of the application. They put
 * another `emit` in place, of all servers, or of one when its first request comes; the one here stays.
 */
export function createUnobservedServer(): Server {
  const server = createServer();
  Object.defineProperty(server, "emit", { configurable: true, get: () => emit, set: () => {} });
  Object.defineProperty(server, OURS, { value: true });
  return server;
}

export function isUnobservedServer(server: object): boolean {
  return OURS in server;
}
