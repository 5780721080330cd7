import { AsyncLocalStorage } from "node:async_hooks";
import { errorTypeOf } from "../../core/error-type.ts";
import type { AgentAtWork } from "../work/current-agent.ts";
import type { FrameworkWork } from "../work/framework-work.ts";
import { type AwaitedClass, awaitClass } from "../work/loaded-class.ts";
import { replaceMethod } from "../work/replaced-method.ts";
import type { PiEvent } from "./event.ts";
import { FollowedRun, type PiState } from "./followed-run.ts";

/** The class of agents, in the package of any publisher. */
export const AGENT: AwaitedClass = {
  key: "otel-forecast.pi-agent-core",
  className: "Agent",
  isDefinedAt: (url) => /\/@[^/]+\/pi-agent-core\/dist\/agent\.js$/.test(url),
};

type Method = (this: { readonly state?: PiState }, ...args: unknown[]) => unknown;

/** The methods of the class that are used: one runs an agent, the other takes the events of a run. */
interface AgentMethods {
  runWithLifecycle?: Method;
  processEvents?: Method;
}

/** The class of agents of pi. */
export interface AgentClass {
  readonly prototype: object;
}

/** Observes the agents of pi, by the events of their runs. */
export class PiAgentObserver {
  readonly #work: FrameworkWork;
  readonly #current = new AsyncLocalStorage<FollowedRun>();
  readonly #locate = (): AgentAtWork | undefined => this.#current.getStore()?.atWork;
  readonly #undo: (() => void)[] = [];

  constructor(work: FrameworkWork) {
    this.#work = work;
  }

  start(): void {
    this.#undo.push(awaitClass<AgentClass>(AGENT, (loaded) => this.join(loaded)));
  }

  stop(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }

  /** Follows every run of this class. */
  join(loaded: AgentClass): void {
    const methods = loaded.prototype as AgentMethods;
    const { runWithLifecycle: run, processEvents: process } = methods;
    if (typeof run !== "function" || typeof process !== "function") {
      this.#work.logOnce("this version of pi-agent-core is not known, its agents are not observed");
      return;
    }
    const observer = this;
    const followedRun: Method = function (...args) {
      return observer.#follow(this, () => Reflect.apply(run, this, args));
    };
    const seenEvent: Method = function (...args) {
      observer.#happened(args[0] as PiEvent);
      return Reflect.apply(process, this, args);
    };
    this.#undo.push(
      this.#work.currentAgents.locateBy(this.#locate),
      replaceMethod(methods, "runWithLifecycle", () => followedRun),
      replaceMethod(methods, "processEvents", () => seenEvent),
    );
  }

  /** The method that runs an agent is `async`: it never throws, and its promise is ours alone. */
  async #follow(agent: { readonly state?: PiState }, run: () => unknown): Promise<unknown> {
    const followed = new FollowedRun(this.#work, agent);
    try {
      followed.begin();
    } catch (error) {
      this.#unreadable(error);
    }
    try {
      return await this.#current.run(followed, run);
    } finally {
      try {
        followed.over();
      } catch (error) {
        this.#unreadable(error);
      }
    }
  }

  /** Without a function that is made for each event: a run has many events. */
  #happened(event: PiEvent): void {
    try {
      this.#current.getStore()?.happened(event);
    } catch (error) {
      this.#unreadable(error);
    }
  }

  /** Errors here must not reach the application. */
  #unreadable(error: unknown): void {
    this.#work.logOnce(`an event of pi-agent-core could not be read: ${errorTypeOf(error)}`);
  }
}
