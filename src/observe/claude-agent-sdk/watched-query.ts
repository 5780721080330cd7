import { types } from "node:util";
import { nativeThen } from "../work/watched-promise.ts";

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Is called with what happens to a query. */
export interface QueryWatcher {
  yielded(message: unknown): void;
  failed(error: unknown): void;
  /** It has yielded its last message, or was closed. */
  over(): void;
  interrupted(): void;
}

/**
 * Watches a query. It stays the object that the SDK has made. Some of its methods are hidden behind
 * methods of the object itself, which call them with the same arguments and return what they return.
 *
 * @returns whether it is a query.
 */
export function watchQuery(query: unknown, watcher: QueryWatcher): boolean {
  const messages = iteratorOf(query);
  if (messages === undefined) return false;
  around(messages, "next", (call) => watchedNext(call(), watcher));
  for (const name of ["return", "throw"])
    around(messages, name, (call) => {
      watcher.over();
      return call();
    });
  // These of the query itself end it without its iterator.
  for (const name of ["close", Symbol.asyncDispose])
    around(query as object, name, (call) => {
      watcher.over();
      return call();
    });
  around(query as object, "interrupt", (call) => {
    watcher.interrupted();
    return call();
  });
  return true;
}

/** The iterator of a query is always the same, and its own `next` calls that of the iterator. */
function iteratorOf(query: unknown): object | undefined {
  const iterate = (query as Partial<AsyncIterable<unknown>> | undefined)?.[Symbol.asyncIterator];
  if (typeof iterate !== "function") return undefined;
  const messages: unknown = iterate.call(query as AsyncIterable<unknown>);
  return types.isGeneratorObject(messages) ? messages : undefined;
}

/** The promise of a message, after the message was seen. A rejection that no code handles stays one. */
function watchedNext(given: unknown, watcher: QueryWatcher): unknown {
  if (!types.isPromise(given)) return given;
  return nativeThen.call(
    given,
    (result) => {
      if (result.done) watcher.over();
      else watcher.yielded(result.value);
      return result;
    },
    (error) => {
      watcher.failed(error);
      throw error;
    },
  );
}

/**
 * Hides a method of an object behind one of the object itself, which shows no more than before.
 *
 * @param replace gets a function that calls the method with its own arguments, and the arguments.
 */
export function around(
  owner: object,
  name: string | symbol,
  replace: (call: () => unknown, args: readonly unknown[]) => unknown,
): void {
  const method: unknown = Reflect.get(owner, name);
  if (typeof method !== "function") return;
  const watched: Method = function (...args) {
    return replace(() => Reflect.apply(method, this, args), args);
  };
  Object.defineProperty(watched, "name", { value: method.name, configurable: true });
  Object.defineProperty(watched, "length", { value: method.length, configurable: true });
  const enumerable = Object.getOwnPropertyDescriptor(owner, name)?.enumerable ?? false;
  Object.defineProperty(owner, name, { value: watched, configurable: true, writable: true, enumerable });
}
