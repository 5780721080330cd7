import { clearTimeout, setTimeout } from "node:timers";
import { inspect, types } from "node:util";
import { readProperty } from "../../agents/error-policy.ts";

/** Is told once how work ended. */
export interface ResultWatcher {
  succeeded(): void;
  /** `error` is what was thrown; absent where that can't be seen. */
  failed(error?: unknown): void;
  /** Nobody will ever learn how it ended. */
  unknown(): void;
}

/** A promise that nobody waits for is looked at after this time, and after ever longer times: each a quarter longer. */
const FIRST_LOOK_MILLIS = 1;
const LONGER = 1.25;
const LONGEST_LOOK_MILLIS = 10_000;

const nativeThen = Promise.prototype.then;
type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/**
 * Runs work and watches how it ends, without a change to what the caller sees: it gets the very result that the work gave,
 * a promise or a lazy query as well, and what is thrown. A rejection that nobody handles is as unhandled as it was, one that
 * is handled as handled.
 *
 * @param isFresh whether a promise that the work gives is known to nobody yet, as that of an `async` function.
 */
export function watchResult<Result>(work: () => Result, isFresh: boolean, given: ResultWatcher): Result {
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
  const watcher = once(given);
  // What stands for something else may take a look for a call.
  const then = types.isProxy(result) ? undefined : readProperty(result, "then");
  if (typeof then !== "function") watcher.succeeded();
  else if (!types.isPromise(result) || then !== nativeThen)
    watchThenable(result as object, then as AnyFunction, watcher);
  else if (isFresh) watchFresh(result, watcher);
  else watchShared(result, watcher);
  return result;
}

/** Whether a function is an `async` one, whose promise is known to nobody when it returns. */
export function isAsyncFunction(work: unknown): boolean {
  return types.isAsyncFunction(work);
}

function once(watcher: ResultWatcher): ResultWatcher {
  let isOver = false;
  const first = (tell: () => void): void => {
    if (isOver) return;
    isOver = true;
    tell();
  };
  return {
    succeeded: () => first(() => watcher.succeeded()),
    failed: (error) => first(() => watcher.failed(error)),
    unknown: () => first(() => watcher.unknown()),
  };
}

/**
 * To watch a promise is to handle its rejection. Where nobody else does, a copy of it is left unhandled in its place, until
 * somebody does.
 */
function watchFresh(promise: Promise<unknown>, watcher: ResultWatcher): void {
  let isHandled = false;
  let handleCopy = (): void => {};
  watch(promise, watcher, (error) => {
    if (isHandled) return;
    const copy = Promise.reject(error);
    handleCopy = () => ignore(copy);
  });
  const canTell = onHandled(promise, () => {
    isHandled = true;
    handleCopy();
  });
  if (!canTell) isHandled = true;
}

/**
 * The promise may have been handled before it was given, which can't be seen. So it is watched when somebody waits for it,
 * and until then only looked at now and then.
 */
function watchShared(promise: Promise<unknown>, watcher: ResultWatcher): void {
  let timer: NodeJS.Timeout | undefined;
  let wait = FIRST_LOOK_MILLIS;
  const lookLater = (): void => {
    timer = setTimeout(() => {
      const state = stateOf(promise);
      if (state === "fulfilled") watcher.succeeded();
      else if (state === "rejected") watcher.failed();
      else lookLater();
    }, wait).unref();
    wait = Math.min(wait * LONGER, LONGEST_LOOK_MILLIS);
  };
  const canTell = onHandled(promise, () => {
    clearTimeout(timer);
    watch(promise, watcher);
  });
  if (canTell) lookLater();
  else watch(promise, watcher);
}

function watch(
  promise: Promise<unknown>,
  watcher: ResultWatcher,
  onRejected = (_: unknown): void => {},
): void {
  nativeThen.call(
    promise,
    () => watcher.succeeded(),
    (error) => {
      watcher.failed(error);
      onRejected(error);
    },
  );
}

function ignore(promise: Promise<unknown>): void {
  promise.catch(() => {});
}

type State = "pending" | "fulfilled" | "rejected";

/** Without handling it. */
function stateOf(promise: Promise<unknown>): State {
  try {
    const text = inspect(promise, {
      depth: 0,
      customInspect: false,
      maxArrayLength: 0,
      maxStringLength: 0,
      breakLength: Number.POSITIVE_INFINITY,
    });
    const state = /\{\s*<(pending|rejected)>/.exec(text)?.[1];
    return (state as State | undefined) ?? "fulfilled";
  } catch {
    return "rejected";
  }
}

/**
 * Tells when somebody waits for a promise: by `await`, `then`, or anything built on these. Whoever does reads its
 * `constructor` first (https://tc39.es/ecma262/#sec-promise-resolve and #sec-promise.prototype.then).
 *
 * @returns whether it can be told.
 */
function onHandled(promise: Promise<unknown>, told: () => void): boolean {
  const known = unhandled.get(promise);
  if (known !== undefined) {
    known.listeners.push(told);
    return true;
  }
  const prototype = Object.getPrototypeOf(promise);
  try {
    Object.setPrototypeOf(promise, watchedPrototypeOf(prototype));
  } catch {
    return false;
  }
  unhandled.set(promise, { prototype, listeners: [told] });
  return true;
}

/** Promises that nobody has waited for since they were given, with the prototype that they had. */
const unhandled = new WeakMap<object, { readonly prototype: object; readonly listeners: (() => void)[] }>();
const watchedPrototypes = new WeakMap<object, object>();

function watchedPrototypeOf(prototype: object): object {
  const known = watchedPrototypes.get(prototype);
  if (known !== undefined) return known;
  const watched = Object.create(prototype, {
    constructor: {
      get(this: object) {
        const found = unhandled.get(this);
        if (found !== undefined) {
          unhandled.delete(this);
          Object.setPrototypeOf(this, found.prototype);
          for (const told of found.listeners) told();
        }
        return prototype.constructor;
      },
    },
  });
  watchedPrototypes.set(prototype, watched);
  return watched;
}

const givenUp = new FinalizationRegistry<ResultWatcher>((watcher) => watcher.unknown());

/**
 * Something that runs when it is waited for, such as a query, or a promise that does more when it is: it is left alone, and
 * watched by whoever waits for it. A promise calls a handler that it is not given, anything else may not.
 */
function watchThenable(thenable: object, then: AnyFunction, watcher: ResultWatcher): void {
  const passesOn = types.isPromise(thenable);
  const watched: AnyFunction = function (onFulfilled, onRejected, ...more) {
    const fulfilled: AnyFunction = (value) => {
      watcher.succeeded();
      return typeof onFulfilled === "function" ? onFulfilled(value) : value;
    };
    const rejected: AnyFunction = (error) => {
      watcher.failed(error);
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
      watcher.failed(error);
      throw error;
    }
  };
  const descriptor = { value: watched, configurable: true, writable: true, enumerable: false };
  // biome-ignore lint/suspicious/noThenProperty: it has one, which this one stands before.
  if (!Reflect.defineProperty(thenable, "then", descriptor)) watcher.unknown();
  else givenUp.register(thenable, watcher);
}
