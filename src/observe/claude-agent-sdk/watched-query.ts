import { types } from "node:util";
import { around } from "../work/replaced-method.ts";
import { nativeThen } from "../work/watched-promise.ts";

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
