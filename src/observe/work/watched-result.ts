import { types } from "node:util";
import { readProperty } from "../../core/error-type.ts";
import { nativeThen, watchFresh, watchHandled, watchShared } from "./watched-promise.ts";

/** Is called once, with how work ended. */
export interface ResultWatcher {
  succeeded(): void;
  /** `error` is what was thrown; absent if it can't be seen. */
  failed(error?: unknown): void;
  /** The end of the work will never be seen. */
  unknown(): void;
}

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Runs work and watches how it ends. The caller sees no difference: it gets the same result (the
 * same promise, the same lazy query), and the same error. An unhandled rejection stays unhandled, a
 * handled one stays handled.
 *
 * @param isFresh whether the promise that the work returns is new, so that no other code can have
 * handled it: as with an `async` function. `handled`: the caller handles it in any case.
 */
export function watchResult<Result>(
  work: () => Result,
  isFresh: boolean | "handled",
  given: ResultWatcher,
): Result {
  let result: Result;
  try {
    result = work();
  } catch (error) {
    given.failed(error);
    throw error;
  }
  if (result === null || (typeof result !== "object" && typeof result !== "function")) {
    given.succeeded();
    return result;
  }
  // A proxy may take the reading of a property for a call.
  const then = types.isProxy(result) ? undefined : readProperty(result, "then");
  if (typeof then !== "function") given.succeeded();
  else if (!types.isPromise(result) || then !== nativeThen)
    watchThenable(result as object, then as AnyFunction, once(given));
  else if (isFresh === "handled") watchHandled(result, given);
  else if (isFresh) watchFresh(result, given);
  else watchShared(result, once(given));
  return result;
}

/** Whether a function is `async`: then each call returns a new promise. */
export function isAsyncFunction(work: unknown): boolean {
  return types.isAsyncFunction(work);
}

function once(watcher: ResultWatcher): ResultWatcher {
  let isOver = false;
  const first = (call: () => void): void => {
    if (isOver) return;
    isOver = true;
    call();
  };
  return {
    succeeded: () => first(() => watcher.succeeded()),
    failed: (error) => first(() => watcher.failed(error)),
    unknown: () => first(() => watcher.unknown()),
  };
}

const abandoned = new FinalizationRegistry<ReadonlySet<ResultWatcher>>((watchers) => {
  for (const watcher of watchers) watcher.unknown();
});

/** How a promise ended, for those that watch it later. */
type Ending = (watcher: ResultWatcher) => void;

/** A thenable that is watched, and those that watch it. */
interface Watched {
  readonly watchers: Set<ResultWatcher>;
  /** Of a promise that has ended. A query may run again. */
  ending?: Ending;
}

const watchedThenables = new WeakMap<object, Watched>();

/**
 * Watches a thenable: a query that runs when it is awaited, or a promise with a `then` of its own.
 * The query is not started here: its `then` is replaced, once, however many calls return it.
 */
function watchThenable(thenable: object, then: AnyFunction, watcher: ResultWatcher): void {
  const known = watchedThenables.get(thenable);
  if (known !== undefined) {
    if (known.ending === undefined) known.watchers.add(watcher);
    else known.ending(watcher);
    return;
  }
  const watchers = new Set([watcher]);
  const watched: Watched = { watchers };
  const isPromise = types.isPromise(thenable);
  const value = thenFor(then, isPromise, (ending) => {
    if (isPromise) watched.ending = ending;
    const all = [...watchers];
    watchers.clear();
    for (const one of all) ending(one);
  });
  const enumerable = Object.getOwnPropertyDescriptor(thenable, "then")?.enumerable ?? false;
  const descriptor = { value, configurable: true, writable: true, enumerable };
  // biome-ignore lint/suspicious/noThenProperty: the object has a `then` already, which this one calls.
  if (!Reflect.defineProperty(thenable, "then", descriptor)) {
    watcher.unknown();
    return;
  }
  watchedThenables.set(thenable, watched);
  abandoned.register(thenable, watchers);
}

/**
 * A `then` that wraps the handlers of the code that awaits. A missing handler is wrapped only for a promise,
 * which passes its result on without one. Other thenables may not do that.
 */
function thenFor(then: AnyFunction, passesOn: boolean, ended: (ending: Ending) => void): AnyFunction {
  return function (onFulfilled, onRejected, ...more) {
    const fulfilled: AnyFunction = (value) => {
      ended((watcher) => watcher.succeeded());
      return typeof onFulfilled === "function" ? onFulfilled(value) : value;
    };
    const rejected: AnyFunction = (error) => {
      ended((watcher) => watcher.failed(error));
      if (typeof onRejected === "function") return onRejected(error);
      throw error;
    };
    try {
      return Reflect.apply(then, this, [
        passesOn || typeof onFulfilled === "function" ? fulfilled : onFulfilled,
        passesOn || typeof onRejected === "function" ? rejected : onRejected,
        ...more,
      ]);
    } catch (error) {
      ended((watcher) => watcher.failed(error));
      throw error;
    }
  };
}
