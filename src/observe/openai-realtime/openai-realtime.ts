import { errorTypeOf } from "../../core/error-type.ts";
import type { FrameworkWork } from "../work/framework-work.ts";
import { type AwaitedClass, awaitClass } from "../work/loaded-class.ts";
import { FollowedSession, type Session } from "./followed-session.ts";

/** The class of sessions with realtime agents. */
export const REALTIME_SESSION: AwaitedClass = {
  key: "otel-forecast.openai-realtime",
  className: "RealtimeSession",
  isDefinedAt: (url) => /\/@openai\/agents-realtime\/dist\/realtimeSession\.m?js$/.test(url),
};
const CONNECTION_LOST = "connection_lost";

interface WatchedSession extends Session {
  readonly transport?: Session["transport"] & {
    on?(event: "connection_change", listener: (status: unknown) => void): unknown;
  };
}

type Method = (this: WatchedSession, ...args: unknown[]) => unknown;

/** The methods of the class that are used. */
interface SessionMethods {
  emit?: Method;
  connect?: Method;
  close?: Method;
}

/** The class `RealtimeSession`. */
export interface SessionClass {
  readonly prototype: object;
}

/**
 * Observes the realtime agents of OpenAI by the events of their sessions. The method that emits them is
 * replaced: a listener would change how an app is told of errors.
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
    this.#isStopped = false;
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
  }

  /** Looks at each call of a method before the method runs. */
  #before(
    methods: SessionMethods,
    name: keyof SessionMethods,
    look: (session: WatchedSession, args: readonly unknown[]) => void,
  ): void {
    const original = methods[name] as Method;
    const isOwn = Object.hasOwn(methods, name);
    const observer = this;
    const looked: Method = function (...args) {
      observer.#safely(() => look(this, args));
      return original.apply(this, args);
    };
    methods[name] = looked;
    this.#undo.push(() => {
      if (methods[name] !== looked) return;
      if (isOwn) methods[name] = original;
      else delete methods[name];
    });
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
