import { kindOfError } from "../../core/error-type.ts";
import { workFor } from "../work/current-agent.ts";
import type { FrameworkWork } from "../work/framework-work.ts";
import { type AwaitedClass, awaitClass } from "../work/loaded-class.ts";
import { replaceMethod } from "../work/replaced-method.ts";
import { AgentConnection } from "./connection.ts";

/** The class of connections, of both versions of the protocol. */
export const CONNECTION: AwaitedClass = {
  key: "otel-forecast.acp",
  className: "Connection",
  isDefinedAt: (url) => /\/@agentclientprotocol\/sdk\/dist\/(.+\/)?(jsonrpc|acp)\.js$/.test(url),
  isDefinedIn: (source) => /^(export )?class Connection\b/m.test(source),
};

type Method = (this: object, ...args: unknown[]) => unknown;

/** The methods of the class that are used. */
export interface ConnectionClass {
  readonly prototype: Partial<Record<"receiveMessage" | "sendMessage" | "close", Method>>;
}

/** Observes the agents of the Agent Client Protocol, by the messages of their connections. */
export class AcpObserver {
  readonly #work: FrameworkWork;
  readonly #connections = new WeakMap<object, AgentConnection>();
  readonly #undo: (() => void)[] = [];
  #isStopped = false;

  constructor(work: FrameworkWork) {
    this.#work = work;
  }

  start(): void {
    this.#undo.push(awaitClass<ConnectionClass>(CONNECTION, (loaded) => this.join(loaded)));
  }

  stop(): void {
    this.#isStopped = true;
    for (const undo of this.#undo.splice(0)) undo();
  }

  /** Observes all connections of this class. */
  join({ prototype }: ConnectionClass): void {
    const { receiveMessage, sendMessage, close } = prototype ?? {};
    if ([receiveMessage, sendMessage, close].some((method) => typeof method !== "function")) {
      this.#work.logOnce(
        "this version of @agentclientprotocol/sdk is not known, its agents are not observed",
      );
      return;
    }
    const observer = this;
    this.#undo.push(
      replaceMethod(prototype, "receiveMessage", (receive): Method => {
        return function (...args) {
          const agent = observer.#look(this, (connection) => connection.received(args[0]));
          const handle = (): unknown => receive?.apply(this, args);
          return agent === undefined ? handle() : workFor(agent, handle);
        };
      }),
      replaceMethod(prototype, "sendMessage", (send): Method => {
        return function (...args) {
          observer.#look(this, (connection) => connection.sending(args[0]));
          return send?.apply(this, args);
        };
      }),
      replaceMethod(prototype, "close", (closeConnection): Method => {
        return function (...args) {
          observer.#look(this, (connection) => connection.closed());
          return closeConnection?.apply(this, args);
        };
      }),
    );
  }

  /** Our errors must not reach the application. */
  #look<Result>(given: object, look: (connection: AgentConnection) => Result): Result | undefined {
    if (this.#isStopped) return undefined;
    try {
      const connection = this.#connections.get(given) ?? new AgentConnection(this.#work);
      this.#connections.set(given, connection);
      return look(connection);
    } catch (error) {
      this.#work.logOnce(`a message of the Agent Client Protocol could not be read: ${kindOfError(error)}`);
      return undefined;
    }
  }
}
