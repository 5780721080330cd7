import { kindOfError } from "../../core/error-type.ts";
import { workFor } from "../work/current-agent.ts";
import type { FrameworkWork } from "../work/framework-work.ts";
import { type AwaitedClass, awaitClass } from "../work/loaded-class.ts";
import { replaceMethod } from "../work/replaced-method.ts";
import { isAsyncFunction, watchResult } from "../work/watched-result.ts";
import type { A2aEvent } from "./event.ts";
import { Execution } from "./execution.ts";

/** The class that passes the messages to an agent to its executor. */
export const REQUEST_HANDLER: AwaitedClass = {
  key: "otel-forecast.a2a",
  className: "DefaultRequestHandler",
  isDefinedAt: (url) => /\/@a2a-js\/sdk\/dist\/.+\.c?js$/.test(url),
  isDefinedIn: (source) => /^var DefaultRequestHandler = class\b/m.test(source),
};

type Method = (this: object, ...args: unknown[]) => unknown;

interface Handler {
  readonly agentCard?: { readonly name?: unknown };
  readonly agentExecutor?: { execute?: Method };
}

interface EventBus {
  on?(what: "event", listener: (event: A2aEvent) => void): unknown;
  off?(what: "event", listener: (event: A2aEvent) => void): unknown;
}

/** The methods of the class that are replaced. */
export interface HandlerClass {
  readonly prototype: Partial<Record<"sendMessage" | "sendMessageStream", Method>>;
}

/** Observes the agents of Agent2Agent servers, by the executions of their executors. */
export class A2aObserver {
  readonly #work: FrameworkWork;
  /** Executors whose method is replaced. It stays so: there may be one for each request. */
  readonly #watched = new WeakSet<object>();
  readonly #undo: (() => void)[] = [];
  #isStopped = false;

  constructor(work: FrameworkWork) {
    this.#work = work;
  }

  start(): void {
    this.#undo.push(awaitClass<HandlerClass>(REQUEST_HANDLER, (loaded) => this.join(loaded)));
  }

  stop(): void {
    this.#isStopped = true;
    for (const undo of this.#undo.splice(0)) undo();
  }

  /** Observes the executors of all handlers of this class. */
  join({ prototype }: HandlerClass): void {
    const names = ["sendMessage", "sendMessageStream"] as const;
    if (names.some((name) => typeof prototype?.[name] !== "function")) {
      this.#work.logOnce("this version of @a2a-js/sdk is not known, its agents are not observed");
      return;
    }
    const observer = this;
    for (const name of names)
      this.#undo.push(
        replaceMethod(prototype, name, (send): Method => {
          return function (...args) {
            observer.#safely(() => observer.#watch(this));
            return send?.apply(this, args);
          };
        }),
      );
  }

  /** An executor of several handlers works for the first. */
  #watch(handler: Handler): void {
    const { agentExecutor: executor, agentCard } = handler;
    if (typeof executor?.execute !== "function" || this.#watched.has(executor)) return;
    this.#watched.add(executor);
    const observer = this;
    replaceMethod(executor, "execute", (execute): Method => {
      return function (...args) {
        const work = (): unknown => execute?.apply(this, args);
        const name = agentCard?.name;
        const execution = observer.#safely(() => observer.#begin(name, args[1] as EventBus));
        return execution === undefined ? work() : observer.#follow(execution, work, isAsyncFunction(execute));
      };
    });
  }

  #begin(name: unknown, bus: EventBus): Execution {
    const listener = (event: A2aEvent): void => {
      this.#safely(() => execution.published(event));
    };
    const execution = new Execution(this.#work, typeof name === "string" ? name : undefined, () => {
      this.#safely(() => bus.off?.("event", listener));
    });
    bus.on?.("event", listener);
    return execution;
  }

  #follow(execution: Execution, work: () => unknown, isFresh: boolean): unknown {
    return watchResult(() => workFor(execution.atWork, work), isFresh, {
      succeeded: () => this.#safely(() => execution.returned()),
      failed: (error) => this.#safely(() => execution.threw(error)),
      unknown: () => {},
    });
  }

  /** Our errors must not reach the application. */
  #safely<Result>(look: () => Result): Result | undefined {
    if (this.#isStopped) return undefined;
    try {
      return look();
    } catch (error) {
      this.#work.logOnce(`a task of Agent2Agent could not be read: ${kindOfError(error)}`);
      return undefined;
    }
  }
}
