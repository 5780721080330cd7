import { errorTypeOf } from "../frameworks/error-type.ts";
import { type AwaitedClass, awaitClass } from "../frameworks/loaded-class.ts";
import { Callers, markSent } from "./callers.ts";
import { Connection } from "./connection.ts";
import { HANDSHAKE } from "./operation.ts";
import { OperationLog, type OperationLogOptions } from "./operation-log.ts";
import type { Protocol } from "./protocol.ts";
import { replaceMethod } from "./replaced-method.ts";
import { tell } from "./tell.ts";
import { recordUnsent } from "./unsent-request.ts";
import { type Transport, watchTransport } from "./watched-transport.ts";

/** The class that clients and servers extend: in version 1 in a module of its own, since then in one file with much else. */
export const PROTOCOL: AwaitedClass = {
  key: "otel-forecast.mcp",
  className: "Protocol",
  isDefinedAt: (url) => /\/@modelcontextprotocol\/(sdk|client|server)\/dist\/.+\.[mc]?js$/.test(url),
  isDefinedIn: (source) => /^(export )?(abstract )?class Protocol\b|^var Protocol = class\b/m.test(source),
};

type Method = (this: Protocol, ...args: unknown[]) => unknown;

export interface ProtocolClass {
  readonly prototype: Partial<Record<"connect" | "request", Method>>;
}

/**
 * Observes the clients and servers that are made with the official SDKs of the Model Context Protocol, versions 1 and 2: by
 * the messages that pass their transports. A server is an agent, and so is a client; each request for work is a task.
 */
export class McpObserver {
  readonly #options: OperationLogOptions;
  readonly #log: OperationLog;
  readonly #callers = new Callers();
  /** Transports that are watched already, and not closed yet. */
  readonly #watched = new WeakSet<object>();
  readonly #undo: (() => void)[] = [];
  #isStopped = false;

  constructor(options: OperationLogOptions) {
    this.#options = options;
    this.#log = new OperationLog(options);
  }

  /** From now on. What is connected already is not seen. */
  start(): void {
    this.#isStopped = false;
    this.#undo.push(awaitClass<ProtocolClass>(PROTOCOL, (protocol) => this.join(protocol)));
  }

  /** Connections that are open stay, and are not looked at any more. */
  stop(): void {
    this.#isStopped = true;
    for (const undo of this.#undo.splice(0)) undo();
    this.#log.clear();
  }

  /** Observes the connections of all that extend this class. */
  join(protocolClass: ProtocolClass): void {
    const prototype = protocolClass?.prototype;
    if (typeof prototype?.connect !== "function" || typeof prototype.request !== "function") {
      this.#options.work.sayOnce(
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

  /** Of what fails before it is sent no transport knows. */
  #requesting(protocol: Protocol, given: readonly unknown[], send: () => unknown): unknown {
    const transport = protocol._transport;
    const wasConnected = transport !== undefined;
    return this.#callers.run(protocol, given, (caller) => {
      // What a transport sends that was connected before we looked is not seen.
      if (wasConnected && !this.#watched.has(transport)) return send();
      return tell(send, (failedWith) => {
        if (failedWith === undefined || !caller.isWaiting) return;
        markSent(caller);
        const unsent = { protocol, request: given[0], failedWith, caller, wasConnected };
        this.#safely(() => recordUnsent(this.#log, unsent));
      });
    });
  }

  /** A transport is started when the callbacks of its protocol are set, which is when ours go around them. */
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
        return tell(
          () => start?.apply(this, args),
          (failedWith) => observer.#started(protocol, failedWith),
        );
      };
    });
    return putBack;
  }

  /** A client whose transport does not start has tried to open a connection. */
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

  /** What goes wrong here must not reach the application. */
  #safely<Result>(look: () => Result): Result | undefined {
    if (this.#isStopped) return undefined;
    try {
      return look();
    } catch (error) {
      this.#options.work.sayOnce(`a connection of the MCP SDK could not be observed: ${errorTypeOf(error)}`);
      return undefined;
    }
  }
}
