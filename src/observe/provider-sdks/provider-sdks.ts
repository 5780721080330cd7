import { kindOfError } from "../../core/error-type.ts";
import type { FrameworkWork } from "../work/framework-work.ts";
import { CHAT } from "../work/invocation.ts";
import { awaitClass } from "../work/loaded-class.ts";
import { replaceMethod } from "../work/replaced-method.ts";
import { AnswerLog } from "./answer-log.ts";
import type { AnswerWatcher } from "./answer-watcher.ts";
import { isApiPromise, watchApiPromise } from "./api-promise.ts";
import { BackgroundAnswers } from "./background.ts";
import { ClientRetries } from "./client-retries.ts";
import type { ModelResource, ProviderSdk } from "./sdk.ts";
import { type StreamClass, TakenResponses } from "./taken-responses.ts";
import { isPromiseLike, watchPromise, watchStreamOf } from "./watched-promise.ts";

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** A class of an SDK whose instances call models. */
export interface ResourceClass {
  readonly prototype: object;
}

/**
 * Observes the model calls of one provider's SDK, at the methods that call models. A call returns
 * what it always returns.
 */
export class ProviderSdkObserver {
  readonly #work: FrameworkWork;
  readonly #sdk: ProviderSdk;
  readonly #retries = new ClientRetries();
  readonly #taken = new TakenResponses();
  readonly #background = new BackgroundAnswers();
  readonly #undo: (() => void)[] = [];
  // One function for all calls.
  readonly #report = (error: unknown): void => this.#unreadable(error);

  constructor(work: FrameworkWork, sdk: ProviderSdk) {
    this.#work = work;
    this.#sdk = sdk;
  }

  start(): void {
    for (const resource of this.#sdk.resources)
      this.#undo.push(awaitClass<ResourceClass>(resource, (loaded) => this.join(resource, loaded)));
    const { streams } = this.#sdk;
    if (streams !== undefined)
      this.#undo.push(awaitClass<StreamClass>(streams, (loaded) => this.joinStreams(loaded)));
  }

  stop(): void {
    for (const undo of this.#undo.splice(0)) undo();
    this.#retries.stop();
    this.#background.clear();
    this.#taken.stop();
  }

  /** Watches every call of the methods of this class that call a model, or ask how a call has ended. */
  join(resource: ModelResource, { prototype }: ResourceClass): void {
    const { methods, laterMethods = [], polls = [] } = resource;
    const all = prototype as Record<string, Method | undefined>;
    const isKnown = (name: string): boolean => typeof all[name] === "function";
    if (!methods.every(isKnown)) this.#unknownVersion();
    for (const name of [...methods, ...laterMethods].filter(isKnown))
      this.#replace(all, name, (original) => this.#watched(resource, original));
    for (const name of polls.filter(isKnown))
      this.#replace(all, name, (original) => this.#watchedPoll(resource, original));
  }

  /** Watches the streams that the SDK makes of the response of a call by other means than the promise of the call. */
  joinStreams(streams: StreamClass): void {
    this.#taken.join(streams);
  }

  #replace(
    methods: Record<string, Method | undefined>,
    name: string,
    by: (original: Method) => Method,
  ): void {
    this.#undo.push(replaceMethod(methods, name, (original) => by(original as Method)));
  }

  #watched(resource: ModelResource, original: Method): Method {
    const begin = (params: unknown): AnswerLog | undefined => this.#begin(resource, params);
    const retries = this.#retries;
    const watch = (result: unknown, answer: AnswerLog): unknown => this.#watch(result, answer);
    return function (...args) {
      const answer = begin(args[0]);
      if (answer === undefined) return Reflect.apply(original, this, args);
      let result: unknown;
      try {
        result = retries.follow(answer, this, original, args);
      } catch (error) {
        answer.failed(error);
        throw error;
      }
      return watch(result, answer);
    };
  }

  #watchedPoll(resource: ModelResource, original: Method): Method {
    const poll = (id: unknown, params: unknown): AnswerWatcher | undefined =>
      this.#poll(resource, id, params);
    const watch = (result: unknown, answer: AnswerWatcher): unknown => this.#watch(result, answer);
    return function (...args) {
      const result = Reflect.apply(original, this, args);
      const answer = poll(args[0], args[1]);
      return answer === undefined ? result : watch(result, answer);
    };
  }

  #poll(resource: ModelResource, id: unknown, params: unknown): AnswerWatcher | undefined {
    try {
      return isFor(resource, params) ? this.#background.poll(id) : undefined;
    } catch (error) {
      this.#unreadable(error);
      return undefined;
    }
  }

  #begin(resource: ModelResource, params: unknown): AnswerLog | undefined {
    try {
      if (!isFor(resource, params)) return undefined;
      const { model, background } = (params ?? {}) as {
        readonly model?: unknown;
        readonly background?: unknown;
      };
      const { provider } = this.#sdk;
      const call = this.#work.beginModelCall({
        provider,
        model: typeof model === "string" ? model : undefined,
        operation: resource.operation ?? CHAT,
      });
      const waiting = background === true ? this.#background : undefined;
      return call && new AnswerLog(call, resource.read, this.#report, waiting);
    } catch (error) {
      this.#unreadable(error);
      return undefined;
    }
  }

  /** Returns the result that the SDK's own code, or the application, gets. */
  #watch(result: unknown, answer: AnswerWatcher): unknown {
    try {
      if (isApiPromise(result)) watchApiPromise(result, answer, this.#taken);
      else if (this.#sdk.hasPlainPromises === true && result instanceof Promise)
        return watchPromise(result, answer);
      else if (this.#sdk.hasPlainPromises === true && isPromiseLike(result)) watchStreamOf(result, answer);
      else {
        answer.abandoned();
        this.#unknownVersion();
      }
    } catch (error) {
      this.#unreadable(error);
    }
    return result;
  }

  #unknownVersion(): void {
    this.#work.logOnce(
      `this version of ${this.#sdk.packageName} is not known, its model calls are not observed`,
    );
  }

  #unreadable(error: unknown): void {
    this.#work.logOnce(`a model call of ${this.#sdk.packageName} could not be read: ${kindOfError(error)}`);
  }
}

/** Whether a call with these parameters is one of those that the resource is observed for. */
function isFor({ isForStreams }: ModelResource, params: unknown): boolean {
  if (isForStreams === undefined) return true;
  return ((params as { readonly stream?: unknown } | null | undefined)?.stream === true) === isForStreams;
}
