import { resembling } from "../../core/resembling.ts";
import { around } from "../work/replaced-method.ts";
import { nativeThen, watchFresh } from "../work/watched-promise.ts";
import type { AnswerLog } from "./answer-log.ts";
import { watchStream } from "./watched-stream.ts";

type AnyMethod = (this: unknown, ...args: unknown[]) => unknown;

/** The fields of the SDKs' `APIPromise` that are used. */
interface ApiPromise {
  responsePromise: Promise<unknown>;
  parseResponse: AnyMethod;
  _thenUnwrap: AnyMethod;
  asResponse(): Promise<unknown>;
}

/** Whether a value is an `APIPromise` of a version whose fields are known. */
export function isApiPromise(value: unknown): value is ApiPromise {
  const promise = value as Partial<ApiPromise> | undefined;
  return (
    promise?.responsePromise instanceof Promise &&
    typeof promise.parseResponse === "function" &&
    typeof promise._thenUnwrap === "function" &&
    typeof promise.asResponse === "function"
  );
}

/**
 * Watches the answer of an `APIPromise`. Such a promise parses the answer only when the application
 * awaits it. It stays the same object, and is not awaited here.
 */
export function watchApiPromise(promise: ApiPromise, answer: AnswerLog): void {
  let isParsed = false;
  const watch = (value: unknown): void => {
    if (isParsed) return;
    isParsed = true;
    const isStream = typeof value === "object" && value !== null && watchStream(value, answer);
    if (!isStream) answer.answered(value);
  };
  const { _thenUnwrap: unwrap } = promise;
  let isBegun = false;
  around(promise, "parseResponse", async (parse) => {
    isBegun = true;
    try {
      const value = await parse();
      watch(value);
      return value;
    } catch (error) {
      answer.failed(error);
      throw error;
    }
  });
  // Versions of `openai` have one on the object that does not use `parseResponse`.
  if (Object.hasOwn(promise, "_thenUnwrap"))
    promise._thenUnwrap = resembling<AnyMethod>(function (transform, ...more) {
      const watched = (value: unknown, ...props: unknown[]): unknown => {
        isBegun = true;
        watch(value);
        return (transform as AnyMethod)(value, ...props);
      };
      return Reflect.apply(unwrap, this, [watched, ...more]);
    }, unwrap);
  around(promise, "asResponse", (ask) => {
    const response = ask() as Promise<unknown>;
    const arrived = (): void => {
      if (!isBegun) answer.leftUnread();
    };
    watchFresh(response, { succeeded: arrived, failed: () => {} });
    return response;
  });
  // Of a request that fails, nothing is parsed. What is handled and what is not stays so: if nobody handles this
  // promise, its rejection is reported in place of that of the first.
  promise.responsePromise = nativeThen.call(promise.responsePromise, undefined, (error) => {
    answer.failed(error);
    throw error;
  });
}
