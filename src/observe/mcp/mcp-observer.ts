import { errorTypeOf } from "../../core/error-type.ts";
import { type AwaitedClass, awaitClass } from "../work/loaded-class.ts";
import { replaceMethod } from "../work/replaced-method.ts";
import { Callers, markSent, recordUnsent } from "./callers.ts";
import { Connection } from "./connection.ts";
import { HANDSHAKE } from "./operation.ts";
import { OperationLog, type OperationLogOptions } from "./operation-log.ts";
import type { Protocol } from "./protocol.ts";
import { type Transport, watchCall, watchTransport } from "./watched-transport.ts";

/**
 * The class that clients and servers extend. Version 1 has a module for it, version 2 one large
 * file.
 */
export const PROTOCOL: AwaitedClass = {
  key: "otel-forecast.mcp",
  className: "Protocol",
  isDefinedAt: (url) => /\/@modelcontextprotocol\/(sdk|client|server)\/dist\/.+\.[mc]?js$/.test(url),
  isDefinedIn: (source) => /^(export )?(abstract )?class Protocol\b|^var Protocol = class\b/m.test(source),
};

type Method = (this: Protocol, ...args: unknown[]) => unknown;

/** The methods of the SDK's `Protocol` that are replaced. */
export interface ProtocolClass {
  readonly prototype: Partial<Record<"connect" | "request", Method>>;
}

/**
 * Observes the clients and servers of the official SDKs of the Model Context Protocol, versions 1
 * and 2, by the messages of their transports. Each server and each client is an agent. Each request
 * for work is a task.
 */
export class McpObserver {
  readonly #options: OperationLogOptions;
  readonly #log: OperationLog;
  readonly #callers = new Callers();
  /** Transports that are watched and not closed. */
  readonly #watched = new WeakSet<object>();
  readonly #undo: (() => void)[] = [];
  #isStopped = false;

  constructor(options: OperationLogOptions) {
    this.#options = options;
    this.#log = new OperationLog(options);
  }

  /** Observes connections that are opened from now on. */
  start(): void {
    this.#undo.push(awaitClass<ProtocolClass>(PROTOCOL, (protocol) => this.join(protocol)));
  }

  /** Open connections stay open, and are not observed any more. */
  stop(): void {
    this.#isStopped = true;
    for (const undo of this.#undo.splice(0)) undo();
    this.#log.clear();
  }

  /** Observes the connections of all classes that extend this one. */
  join(protocolClass: ProtocolClass): void {
    const prototype = protocolClass?.prototype;
    if (typeof prototype?.connect !== "function" || typeof prototype.request !== "function") {
      this.#options.work.logOnce(
        "this version of the MCP SDK is not known, its clients and servers are not observed",
      );
      return;
    }
    const observer = this;
    this.#undo.push(
      replaceMethod(prototype, "connect", (connect): Method => {
        return function (this: Protocol, ...args) {
          return observer.#connecting(this, args[0] as Transport, () => connect?.apply(this, args));
        };
      }),
      replaceMethod(prototype, "request", (request): Method => {
        return function (this: Protocol, ...args) {
          const send = (): unknown => request?.apply(this, args);
          return observer.#isStopped ? send() : observer.#requesting(this, args, send);
        };
      }),
    );
  }

  /** Records a request that fails before a transport gets it. */
  #requesting(protocol: Protocol, given: readonly unknown[], send: () => unknown): unknown {
    const transport = protocol._transport;
    const wasConnected = transport !== undefined;
    return this.#callers.run(protocol, given, (caller) => {
      // A transport that was connected before is not watched, so nothing is known of what it sends.
      if (wasConnected && !this.#watched.has(transport)) return send();
      const unsent = (failedWith: unknown): void => {
        if (failedWith === undefined || !caller.isWaiting) return;
        markSent(caller);
        const request = { protocol, request: given[0], failedWith, caller, wasConnected };
        this.#safely(() => recordUnsent(this.#log, request));
      };
      let result: unknown;
      try {
        result = send();
      } catch (error) {
        unsent(error ?? "unknown");
        throw error;
      }
      // Once its message was sent, the connection sees how it ends.
      return caller.isWaiting ? watchCall(() => result, unsent) : result;
    });
  }

  /**
   * Watches the transport when it starts: the protocol has set its callbacks then, and ours go
   * around them.
   */
  #connecting(protocol: Protocol, transport: Transport, connect: () => unknown): unknown {
    const putBack = this.#safely(() => this.#onStart(protocol, transport));
    try {
      return connect();
    } finally {
      if (putBack !== undefined) this.#safely(putBack);
    }
  }

  #onStart(protocol: Protocol, transport: Transport): (() => void) | undefined {
    if (this.#isStopped || this.#watched.has(transport)) return undefined;
    const observer = this;
    const putBack = replaceMethod(transport, "start", (start) => {
      return function (this: unknown, ...args: unknown[]) {
        putBack();
        observer.#watch(protocol, transport);
        return watchCall(
          () => start?.apply(this, args),
          (failedWith) => observer.#started(protocol, failedWith),
        );
      };
    });
    return putBack;
  }

  /** A client whose transport does not start has failed to open a connection. */
  #started(protocol: Protocol, failedWith: unknown): void {
    if (failedWith === undefined || protocol._clientInfo === undefined) return;
    const unsent = { protocol, request: { method: HANDSHAKE }, failedWith, wasConnected: true };
    this.#safely(() => recordUnsent(this.#log, unsent));
  }

  #watch(protocol: Protocol, transport: Transport): void {
    this.#safely(() => {
      watchTransport(transport, {
        connection: new Connection(protocol, transport, this.#log),
        caller: () => this.#callers.of(protocol),
        safely: (look) => this.#safely(look),
        onClosed: () => this.#watched.delete(transport),
      });
      this.#watched.add(transport);
    });
  }

  /** Our errors must not reach the application. */
  #safely<Result>(look: () => Result): Result | undefined {
    if (this.#isStopped) return undefined;
    try {
      return look();
    } catch (error) {
      this.#options.work.logOnce(`a connection of the MCP SDK could not be observed: ${errorTypeOf(error)}`);
      return undefined;
    }
  }
}
