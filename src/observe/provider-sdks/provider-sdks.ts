import { kindOfError } from "../../core/error-type.ts";
import { resembling } from "../../core/resembling.ts";
import type { FrameworkWork } from "../work/framework-work.ts";
import { awaitClass } from "../work/loaded-class.ts";
import { AnswerLog } from "./answer-log.ts";
import { isApiPromise, watchApiPromise } from "./api-promise.ts";
import { ClientRetries } from "./client-retries.ts";
import type { ModelResource, ProviderSdk } from "./sdk.ts";
import { watchPromise } from "./watched-promise.ts";

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
  }

  stop(): void {
    for (const undo of this.#undo.splice(0)) undo();
    this.#retries.stop();
  }

  /** Watches every call of the methods of this class that call a model. */
  join(resource: ModelResource, { prototype }: ResourceClass): void {
    const methods = prototype as Record<string, Method | undefined>;
    for (const name of resource.methods) {
      const original = methods[name];
      if (typeof original !== "function") {
        this.#unknownVersion();
        continue;
      }
      const watched = this.#watched(resource, original);
      methods[name] = watched;
      this.#undo.push(() => {
        if (methods[name] === watched) methods[name] = original;
      });
    }
  }

  #watched(resource: ModelResource, original: Method): Method {
    const begin = (params: unknown): AnswerLog | undefined => this.#begin(resource, params);
    const retries = this.#retries;
    const watch = (result: unknown, answer: AnswerLog): unknown => this.#watch(result, answer);
    const watched: Method = function (...args) {
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
    return resembling(watched, original);
  }

  #begin({ read }: ModelResource, params: unknown): AnswerLog | undefined {
    try {
      const { model } = (params ?? {}) as { readonly model?: unknown };
      const { provider } = this.#sdk;
      const call = this.#work.beginModelCall({
        provider,
        model: typeof model === "string" ? model : undefined,
      });
      return call && new AnswerLog(call, read, this.#report);
    } catch (error) {
      this.#unreadable(error);
      return undefined;
    }
  }

  /** Returns the result that the SDK's own code, or the application, gets. */
  #watch(result: unknown, answer: AnswerLog): unknown {
    try {
      if (isApiPromise(result)) watchApiPromise(result, answer);
      else if (this.#sdk.hasPlainPromises === true && result instanceof Promise)
        return watchPromise(result, answer);
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
