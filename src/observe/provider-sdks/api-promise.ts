import { resembling } from "../../core/resembling.ts";
import { hide } from "../work/replaced-method.ts";
import { nativeThen, watchFresh } from "../work/watched-promise.ts";
import type { AnswerWatcher } from "./answer-watcher.ts";
import type { TakenResponses } from "./taken-responses.ts";
import { watchStream } from "./watched-stream.ts";

type AnyMethod = (this: unknown, ...args: unknown[]) => unknown;

/** The fields of the SDKs' `APIPromise` that are used. */
interface ApiPromise {
  responsePromise: Promise<unknown>;
  parseResponse: AnyMethod;
  _thenUnwrap: AnyMethod;
  asResponse: AnyMethod;
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
export function watchApiPromise(promise: ApiPromise, answer: AnswerWatcher, taken?: TakenResponses): void {
  const reading = new Reading(answer);
  const { parseResponse } = promise;
  promise.parseResponse = resembling(parsing(reading, parseResponse), parseResponse);
  watchRaw(promise, reading);
  // Of a request that fails, nothing is parsed. What is handled and what is not stays so: if nobody handles this
  // promise, its rejection is reported in place of that of the first.
  promise.responsePromise = nativeThen.call(promise.responsePromise, undefined, (error) => {
    answer.failed(error);
    throw error;
  });
  watchDerived(promise, reading);
  taken?.watch(promise, reading);
}

function watchRaw(promise: ApiPromise, reading: Reading): void {
  const { asResponse } = promise;
  hide(promise, "asResponse", resembling(responding(reading, asResponse), asResponse));
}

/**
 * Versions of `openai` derive a further promise by a method on the object, which uses neither `parseResponse` nor
 * `responsePromise`. The further one takes the place of the first: who handles it handles the same request.
 */
function watchDerived(promise: ApiPromise, reading: Reading): void {
  const { _thenUnwrap: unwrap, responsePromise } = promise;
  if (!Object.hasOwn(promise, "_thenUnwrap")) return;
  promise._thenUnwrap = resembling<AnyMethod>(function (transform, ...more) {
    const watched = (value: unknown, ...props: unknown[]): unknown => {
      reading.parsed(value);
      return (transform as AnyMethod)(value, ...props);
    };
    const derived = Reflect.apply(unwrap, this, [watched, ...more]);
    if (isApiPromise(derived)) {
      derived.responsePromise = responsePromise;
      watchRaw(derived, reading);
      watchDerived(derived, reading);
    }
    return derived;
  }, unwrap);
}

/** How the application reads an answer. The first value that was parsed counts. */
class Reading {
  readonly #answer: AnswerWatcher;
  #isBegun = false;
  #isParsed = false;

  constructor(answer: AnswerWatcher) {
    this.#answer = answer;
  }

  async parse(parse: AnyMethod, owner: unknown, args: readonly unknown[]): Promise<unknown> {
    this.#isBegun = true;
    try {
      const value = await Reflect.apply(parse, owner, args);
      this.parsed(value);
      return value;
    } catch (error) {
      this.#answer.failed(error);
      throw error;
    }
  }

  parsed(value: unknown): void {
    this.#isBegun = true;
    if (this.#isParsed) return;
    this.#isParsed = true;
    const isStream = typeof value === "object" && value !== null && watchStream(value, this.#answer);
    if (!isStream) this.#answer.answered(value);
  }

  /** The application asks for the raw response. */
  responds(response: Promise<unknown>): Promise<unknown> {
    const succeeded = (): void => {
      if (!this.#isBegun) this.#answer.leftUnread();
    };
    watchFresh(response, { succeeded, failed: () => {} });
    return response;
  }
}

// What is written as a method can't be constructed, as those of the SDKs can't. Each has the name and the number
// of parameters of theirs: to give a function another name costs more than all the rest.

/** What parses in place of a method of an SDK, whose name is `defaultParseResponse` or empty. */
function parsing(reading: Reading, parse: AnyMethod): AnyMethod {
  if (parse.name === "defaultParseResponse")
    return {
      defaultParseResponse(this: unknown, client: unknown, props: unknown, ...more: unknown[]): unknown {
        return reading.parse(parse, this, [client, props, ...more]);
      },
    }.defaultParseResponse;
  return {
    ""(this: unknown, client: unknown, props: unknown, ...more: unknown[]): unknown {
      return reading.parse(parse, this, [client, props, ...more]);
    },
  }[""];
}

function responding(reading: Reading, respond: AnyMethod): AnyMethod {
  return {
    asResponse(this: unknown, ...args: unknown[]): unknown {
      return reading.responds(Reflect.apply(respond, this, args) as Promise<unknown>);
    },
  }.asResponse;
}
