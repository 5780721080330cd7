import { resembling } from "../../core/resembling.ts";
import { hide } from "../work/replaced-method.ts";

type AnyMethod = (this: unknown, ...args: unknown[]) => unknown;

/** The class of an SDK for streams, which makes each of a response. */
export interface StreamClass {
  fromSSEResponse?: AnyMethod;
}

/** A promise of an SDK whose response the SDK may take, to parse it by another promise. */
interface TakenPromise {
  readonly _responseProps?: AnyMethod;
}

/**
 * The responses that an SDK takes from a promise and parses itself, as Anthropic's does for the streams of threads
 * and of tool runners. Their streams are recognised by the response.
 */
export class TakenResponses {
  readonly #parsed = new WeakMap<object, (stream: unknown) => void>();

  /** @param parsed called with the stream that is made of the response of this promise. */
  watch(promise: object, parsed: (stream: unknown) => void): void {
    const { _responseProps: take } = promise as TakenPromise;
    if (typeof take !== "function") return;
    const remember = (props: unknown): void => {
      const { response } = props as { readonly response?: unknown };
      if (response instanceof Object) this.#parsed.set(response, parsed);
    };
    const taking: AnyMethod = {
      _responseProps(this: unknown, ...args: unknown[]): unknown {
        const taken = Reflect.apply(take, this, args);
        // Before the SDK goes on with it. Who takes it handles its error.
        if (taken instanceof Promise) taken.then(remember).catch(() => {});
        return taken;
      },
    }._responseProps;
    hide(promise, "_responseProps", resembling(taking, take));
  }

  /** @returns a function that undoes it. */
  join(streams: StreamClass): () => void {
    const original = streams.fromSSEResponse;
    if (typeof original !== "function") return () => {};
    const parsed = this.#parsed;
    const watched = resembling<AnyMethod>(function (response, ...more) {
      const stream = Reflect.apply(original, this, [response, ...more]);
      parsed.get(response as object)?.(stream);
      return stream;
    }, original);
    streams.fromSSEResponse = watched;
    return () => {
      if (streams.fromSSEResponse === watched) streams.fromSSEResponse = original;
    };
  }
}
