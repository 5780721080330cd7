import { errorTypeOf } from "../../core/error-type.ts";
import { keepingAgent } from "../work/current-agent.ts";
import { fileOf } from "../work/file-of-package.ts";
import type { FrameworkWork } from "../work/framework-work.ts";
import { type AwaitedClass, awaitClass } from "../work/loaded-class.ts";
import { replaceMethod } from "../work/replaced-method.ts";
import { FollowedSession, type Session } from "./followed-session.ts";

/** The class of sessions with realtime agents. */
export const REALTIME_SESSION: AwaitedClass = {
  key: "otel-forecast.openai-realtime",
  className: "RealtimeSession",
  isDefinedAt: fileOf("@openai/agents-realtime", /dist\/realtimeSession\.m?js/),
};
const CONNECTION_LOST = "connection_lost";

interface WatchedSession extends Session {
  readonly transport?: Session["transport"] & {
    on?(event: "connection_change", listener: (status: unknown) => void): unknown;
  };
}

type Method = (this: WatchedSession, ...args: unknown[]) => unknown;

/** The methods of the class that are used. */
type SessionMethods = Partial<Record<"emit" | "connect" | "close" | "approve" | "reject", Method>>;

/** The class `RealtimeSession`. */
export interface SessionClass {
  readonly prototype: object;
}

/**
 * Observes the realtime agents of OpenAI by the events of their sessions. It replaces the method that emits
 * them. It adds no listener: an `error` event without one throws in the app, and has to go on doing so.
 */
export class OpenAiRealtimeObserver {
  readonly #work: FrameworkWork;
  readonly #sessions = new WeakMap<object, FollowedSession>();
  readonly #watched = new WeakSet<object>();
  readonly #undo: (() => void)[] = [];
  #isStopped = false;

  constructor(work: FrameworkWork) {
    this.#work = work;
  }

  start(): void {
    this.#undo.push(awaitClass<SessionClass>(REALTIME_SESSION, (loaded) => this.join(loaded)));
  }

  stop(): void {
    this.#isStopped = true;
    for (const undo of this.#undo.splice(0)) undo();
  }

  /** Follows every session of this class. */
  join(loaded: SessionClass): void {
    const methods = loaded.prototype as SessionMethods;
    const { emit, connect, close } = methods;
    if (typeof emit !== "function" || typeof connect !== "function" || typeof close !== "function") {
      this.#work.logOnce("this version of @openai/agents-realtime is not known, its agents are not observed");
      return;
    }
    this.#before(methods, "emit", (session, [event, ...args]) =>
      this.#followed(session).happened(String(event), args),
    );
    this.#before(methods, "connect", (session) => this.#watch(session));
    this.#before(methods, "close", (session) => this.#sessions.get(session)?.disconnected("cancelled"));
    // A call that is rejected starts and ends before the method returns to the application.
    for (const name of ["approve", "reject"] as const)
      if (typeof methods[name] === "function") this.#enclose(methods, name);
  }

  /** Keeps what a method starts from the code that calls it. */
  #enclose(methods: SessionMethods, name: keyof SessionMethods): void {
    this.#undo.push(
      replaceMethod(methods, name, (original): Method => {
        return function (...args) {
          return keepingAgent(() => original?.apply(this, args));
        };
      }),
    );
  }

  /** Looks at each call of a method before the method runs. */
  #before(
    methods: SessionMethods,
    name: keyof SessionMethods,
    look: (session: WatchedSession, args: readonly unknown[]) => void,
  ): void {
    const observer = this;
    this.#undo.push(
      replaceMethod(methods, name, (original): Method => {
        return function (...args) {
          observer.#safely(() => look(this, args));
          return original?.apply(this, args);
        };
      }),
    );
  }

  #followed(session: WatchedSession): FollowedSession {
    const followed = this.#sessions.get(session) ?? new FollowedSession(this.#work, session);
    this.#sessions.set(session, followed);
    return followed;
  }

  /** The session itself does not report that its connection is lost. */
  #watch(session: WatchedSession): void {
    if (this.#watched.has(session)) return;
    this.#watched.add(session);
    session.transport?.on?.("connection_change", (status) => {
      if (status !== "disconnected") return;
      this.#safely(() => this.#sessions.get(session)?.disconnected("failure", CONNECTION_LOST));
    });
  }

  /** Errors here must not reach the application. */
  #safely(look: () => void): void {
    if (this.#isStopped) return;
    try {
      look();
    } catch (error) {
      this.#work.logOnce(`an event of a realtime session could not be read: ${errorTypeOf(error)}`);
    }
  }
}
