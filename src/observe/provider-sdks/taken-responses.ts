import { replaceMethod } from "../work/replaced-method.ts";

type AnyMethod = (this: unknown, ...args: unknown[]) => unknown;

/** The class of an SDK for streams, which makes each of a response. */
export interface StreamClass {
  fromSSEResponse?: AnyMethod;
}

/** A promise of an SDK whose response the SDK may take, to parse it by another promise. */
interface TakenPromise {
  _responseProps?: AnyMethod;
}

/** Receives the stream that is made of a response. */
interface Reading {
  parsed(stream: unknown): void;
}

/**
 * The responses that an SDK takes from a promise and parses itself, as Anthropic's does for the streams of threads
 * and of tool runners. Their streams are recognised by the response.
 */
export class TakenResponses {
  /** By the promise, and by the response once it is taken. */
  readonly #readings = new WeakMap<object, Reading>();
  readonly #watched = new Set<object>();
  readonly #undo: (() => void)[] = [];

  watch(promise: object, reading: Reading): void {
    if (typeof (promise as TakenPromise)._responseProps !== "function") return;
    this.#readings.set(promise, reading);
    const prototype = Object.getPrototypeOf(promise) as TakenPromise;
    if (this.#watched.has(prototype)) return;
    this.#watched.add(prototype);
    const take = (by: unknown, taken: unknown): void => this.#take(by, taken);
    this.#replace(prototype, "_responseProps", (original) => {
      return function (...args) {
        const taken = Reflect.apply(original, this, args);
        take(this, taken);
        return taken;
      };
    });
  }

  join(streams: StreamClass): void {
    if (typeof streams.fromSSEResponse !== "function") return;
    const readings = this.#readings;
    this.#replace(streams, "fromSSEResponse", (original) => {
      return function (...args) {
        const stream = Reflect.apply(original, this, args);
        readings.get(args[0] as object)?.parsed(stream);
        return stream;
      };
    });
  }

  stop(): void {
    for (const undo of this.#undo.splice(0)) undo();
    this.#watched.clear();
  }

  #replace<Name extends string>(
    owner: Partial<Record<Name, AnyMethod>>,
    name: Name,
    by: (original: AnyMethod) => AnyMethod,
  ): void {
    this.#undo.push(replaceMethod(owner, name, (original) => by(original as AnyMethod)));
  }

  #take(promise: unknown, taken: unknown): void {
    const reading = this.#readings.get(promise as object);
    if (reading === undefined || !(taken instanceof Promise)) return;
    const remember = (props: unknown): void => {
      const { response } = props as { readonly response?: unknown };
      if (response instanceof Object) this.#readings.set(response, reading);
    };
    // Before the SDK goes on with it. Who takes it handles its error.
    taken.then(remember).catch(() => {});
  }
}
