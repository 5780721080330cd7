import { AsyncLocalStorage } from "node:async_hooks";
import { types } from "node:util";
import { errorTypeOf, readProperty } from "../../core/error-type.ts";
import { resembling } from "../../core/resembling.ts";
import type { AgentAtWork } from "../work/current-agent.ts";
import type { FrameworkWork } from "../work/framework-work.ts";
import { awaitClass } from "../work/loaded-class.ts";
import { around } from "../work/replaced-method.ts";
import { standIn } from "../work/stand-in.ts";
import { nativeThen } from "../work/watched-promise.ts";
import { FollowedQuery } from "./followed-query.ts";
import { withHooks } from "./hooks.ts";
import { messageOf } from "./message.ts";
import { QUERY, type QueryModule } from "./query-module.ts";
import { queryOptions } from "./query-options.ts";
import { QueryUse, SessionTotals } from "./usage.ts";
import { watchQuery } from "./watched-query.ts";

const UNKNOWN_VERSION = "this version of the Claude Agent SDK is not known, its agents are not observed";

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
type Start = (args: unknown[]) => unknown;

/** A query that is about to start, and the arguments to start it with. */
interface Prepared {
  readonly followed: FollowedQuery;
  readonly args: unknown[];
}

/**
 * Observes the agents of the Claude Agent SDK. The modules that define `query` get one more line at
 * their end when they are loaded, so that the function can be replaced. A query gets hooks beside
 * those of the application, and its messages are read before the application gets them.
 */
export class ClaudeAgentSdkObserver {
  readonly #work: FrameworkWork;
  readonly #sessions = new SessionTotals();
  readonly #undo: (() => void)[] = [];
  readonly #replaced = new WeakSet<object>();
  /** The query that runs the code: the tools that the application gives to it. */
  readonly #current = new AsyncLocalStorage<FollowedQuery>();
  readonly #locate = (): AgentAtWork | undefined => this.#current.getStore()?.atWork;

  constructor(work: FrameworkWork) {
    this.#work = work;
  }

  start(): void {
    this.#undo.push(awaitClass<QueryModule>(QUERY, (loaded) => this.join(loaded)));
  }

  stop(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }

  /** Replaces the functions of a module that start queries. */
  join(loaded: QueryModule): void {
    if (typeof loaded?.query !== "function") {
      this.#work.logOnce(UNKNOWN_VERSION);
      return;
    }
    this.#undo.push(this.#work.currentAgents.locateBy(this.#locate));
    this.#replace(loaded, "query", (args, query) => this.#query(args, loaded.hookEvents, query));
    if (typeof loaded.startup === "function")
      this.#replace(loaded, "startup", (args, startup) => this.#startup(args, loaded.hookEvents, startup));
  }

  #replace(
    loaded: QueryModule,
    name: "query" | "startup",
    run: (args: unknown[], original: Start) => unknown,
  ): void {
    const original = loaded[name] as AnyFunction;
    if (this.#replaced.has(original)) return;
    const withOurs = resembling<AnyFunction>(function (...args) {
      return run(args, (given) => Reflect.apply(original, this, given));
    }, original);
    this.#replaced.add(withOurs);
    loaded[name] = withOurs;
    this.#undo.push(() => {
      if (loaded[name] === withOurs) loaded[name] = original;
    });
  }

  #query(args: unknown[], hookEvents: readonly string[] | undefined, start: Start): unknown {
    const prepared = this.#safely(() => this.#prepare(args, hookEvents));
    if (prepared === undefined) return start(args);
    const prompt = readProperty(args[0], "prompt");
    return this.#follow(prepared.followed, prompt, () => start(prepared.args));
  }

  /** Claude Code starts now. The query starts when it gets its prompt. */
  #startup(args: unknown[], hookEvents: readonly string[] | undefined, start: Start): unknown {
    const prepared = this.#safely(() => this.#prepare(args.length === 0 ? [{}] : args, hookEvents));
    if (prepared === undefined) return start(args);
    const warm = this.#current.run(prepared.followed, () => start(prepared.args));
    if (!types.isPromise(warm)) return warm;
    return nativeThen.call(warm, (made) => {
      let hasBegun = false;
      this.#safely(() =>
        around(made, "query", (begin, [prompt]) => {
          // It serves one query, and throws at the next.
          if (hasBegun) return begin();
          hasBegun = true;
          return this.#follow(prepared.followed, prompt, begin);
        }),
      );
      return made;
    });
  }

  #follow(followed: FollowedQuery, prompt: unknown, start: () => unknown): unknown {
    if (typeof prompt === "string") this.#safely(() => followed.beginTurn());
    let query: unknown;
    try {
      query = this.#current.run(followed, start);
    } catch (error) {
      this.#safely(() => followed.failed(error));
      throw error;
    }
    const isFollowed = this.#safely(() =>
      watchQuery(query, {
        yielded: (message) => this.#safely(() => followed.yielded(messageOf(message))),
        failed: (error) => this.#safely(() => followed.failed(error)),
        over: () => this.#safely(() => followed.over()),
        interrupted: () => this.#safely(() => followed.interrupted()),
      }),
    );
    if (isFollowed === true) return query;
    this.#work.logOnce(UNKNOWN_VERSION);
    this.#safely(() => followed.withdraw());
    return query;
  }

  /** `undefined` if the query can't be followed: then it starts with its own arguments. */
  #prepare([params, ...others]: unknown[], hookEvents: readonly string[] | undefined): Prepared | undefined {
    if (typeof params !== "object" || params === null) return undefined;
    const given = readProperty(params, "options") ?? {};
    if (typeof given !== "object") return undefined;
    // The entry for browsers takes the options beside the prompt.
    const isFlat = "websocket" in params || "sse" in params;
    const options = isFlat ? params : given;
    const followed = new FollowedQuery(this.#work, queryOptions(options), this.#useOf(options));
    const hooked = withHooks(options, hookEvents, (input) => this.#safely(() => followed.hookCalled(input)));
    const started = isFlat ? hooked : standIn(params, { options: hooked });
    return { followed, args: [started, ...others] };
  }

  #useOf(options: object): QueryUse {
    const resume = readProperty(options, "resume");
    const sessionId = typeof resume === "string" ? resume : undefined;
    const isResumed = sessionId !== undefined || readProperty(options, "continue") === true;
    return new QueryUse(this.#sessions, { isResumed, sessionId });
  }

  /** Errors here must not reach the application. */
  #safely<Result>(look: () => Result): Result | undefined {
    try {
      return look();
    } catch (error) {
      this.#work.logOnce(`a query of the Claude Agent SDK could not be read: ${errorTypeOf(error)}`);
      return undefined;
    }
  }
}
