import { kindOfError } from "../../core/error-type.ts";
import type { FrameworkWork } from "../work/framework-work.ts";
import { awaitClass } from "../work/loaded-class.ts";
import { AnswerLog } from "./answer-log.ts";
import { isApiPromise, watchApiPromise } from "./api-promise.ts";
import type { ModelResource, ProviderSdk } from "./sdk.ts";

type Create = (this: unknown, ...args: unknown[]) => unknown;

/** A class of an SDK whose instances call models. */
export interface ResourceClass {
  readonly prototype: { create?: Create };
}

/**
 * Observes the model calls of one provider's SDK: `create` of the classes that call models. The call
 * returns what it always returns.
 */
export class ProviderSdkObserver {
  readonly #work: FrameworkWork;
  readonly #sdk: ProviderSdk;
  readonly #undo: (() => void)[] = [];

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
  }

  /** Watches every call of `create` of this class. */
  join(resource: ModelResource, { prototype }: ResourceClass): void {
    const { create } = prototype;
    if (typeof create !== "function") {
      this.#unknownVersion();
      return;
    }
    const begin = (params: unknown): AnswerLog | undefined => this.#begin(resource, params);
    const watch = (result: unknown, answer: AnswerLog): void => this.#watch(result, answer);
    const watched: Create = function (...args) {
      const answer = begin(args[0]);
      if (answer === undefined) return Reflect.apply(create, this, args);
      let result: unknown;
      try {
        result = Reflect.apply(create, this, args);
      } catch (error) {
        answer.failed(error);
        throw error;
      }
      watch(result, answer);
      return result;
    };
    Object.defineProperty(watched, "name", { value: create.name, configurable: true });
    prototype.create = watched;
    this.#undo.push(() => {
      if (prototype.create === watched) prototype.create = create;
    });
  }

  #begin({ read }: ModelResource, params: unknown): AnswerLog | undefined {
    try {
      const { model } = (params ?? {}) as { readonly model?: unknown };
      const { provider } = this.#sdk;
      const call = this.#work.beginModelCall({
        provider,
        model: typeof model === "string" ? model : undefined,
      });
      return call && new AnswerLog(call, read, (error) => this.#unreadable(error));
    } catch (error) {
      this.#unreadable(error);
      return undefined;
    }
  }

  #watch(result: unknown, answer: AnswerLog): void {
    try {
      if (isApiPromise(result)) watchApiPromise(result, answer);
      else {
        answer.abandoned();
        this.#unknownVersion();
      }
    } catch (error) {
      this.#unreadable(error);
    }
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
