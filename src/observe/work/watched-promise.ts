import { clearTimeout, setTimeout } from "node:timers";
import { inspect } from "node:util";

/** Is called once, with how a promise ended. */
export interface PromiseWatcher {
  succeeded(): void;
  /** `error` is absent if it can't be seen. */
  failed(error?: unknown): void;
}

/**
 * A promise that no code awaits is checked after this time. Each further wait is a quarter longer.
 */
const FIRST_CHECK_MILLIS = 1;
const CHECK_GROWTH = 1.25;
const MAX_CHECK_MILLIS = 10_000;

/** The original `then` of Node. The application may replace it later. */
export const nativeThen = Promise.prototype.then;

/**
 * Watches a promise that no other code can have handled yet. To watch it means to handle its
 * rejection. So that an unhandled rejection is still reported, a rejected copy of the promise stays
 * unhandled until other code handles the promise.
 */
export function watchFresh(promise: Promise<unknown>, watcher: PromiseWatcher): void {
  let isHandled = false;
  let handleCopy = (): void => {};
  watch(promise, watcher, (error) => {
    if (isHandled) return;
    const copy = Promise.reject(error);
    handleCopy = () => ignore(copy);
  });
  const isNoticed = onHandled(promise, () => {
    isHandled = true;
    handleCopy();
  });
  if (!isNoticed) isHandled = true;
}

/** Watches a promise that other code handles in any case. */
export function watchHandled(promise: Promise<unknown>, watcher: PromiseWatcher): void {
  watch(promise, watcher);
}

/**
 * Watches a promise that other code may have handled already, which cannot be detected. It is
 * handled only after other code awaits it. Until then its state is checked from time to time: that is
 * all there is for a promise that is frozen, of which it can't be noticed.
 */
export function watchShared(promise: Promise<unknown>, watcher: PromiseWatcher): void {
  let timer: NodeJS.Timeout | undefined;
  let wait = FIRST_CHECK_MILLIS;
  const checkLater = (): void => {
    timer = setTimeout(() => {
      const state = stateOf(promise);
      if (state === "pending") {
        checkLater();
        return;
      }
      unlisten(promise, onAwaited);
      if (state === "fulfilled") watcher.succeeded();
      else watcher.failed();
    }, wait).unref();
    wait = Math.min(wait * CHECK_GROWTH, MAX_CHECK_MILLIS);
  };
  const onAwaited = (): void => {
    clearTimeout(timer);
    watch(promise, watcher);
  };
  checkLater();
  onHandled(promise, onAwaited);
}

function watch(
  promise: Promise<unknown>,
  watcher: PromiseWatcher,
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

/** Reads the state of a promise without handling it. */
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
 * Calls `listener` when any code handles a promise: by `await`, `then`, or anything that is built
 * on them. All of these first read the promise's `constructor`
 * (https://tc39.es/ecma262/#sec-promise-resolve and #sec-promise.prototype.then).
 *
 * @returns whether that can be noticed.
 */
function onHandled(promise: Promise<unknown>, listener: () => void): boolean {
  const known = unhandled.get(promise);
  if (known !== undefined) {
    known.listeners.add(listener);
    return true;
  }
  const prototype = Object.getPrototypeOf(promise);
  try {
    Object.setPrototypeOf(promise, watchedPrototypeOf(prototype));
  } catch {
    return false;
  }
  unhandled.set(promise, { prototype, listeners: new Set([listener]) });
  return true;
}

/** A promise that many calls return does not keep a listener of each. */
function unlisten(promise: Promise<unknown>, listener: () => void): void {
  const found = unhandled.get(promise);
  if (found === undefined || !found.listeners.delete(listener) || found.listeners.size > 0) return;
  unhandled.delete(promise);
  Reflect.setPrototypeOf(promise, found.prototype);
}

/** Watched promises that no code has handled so far, with their own prototypes. */
const unhandled = new WeakMap<object, { readonly prototype: object; readonly listeners: Set<() => void> }>();
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
          Reflect.setPrototypeOf(this, found.prototype);
          for (const listener of found.listeners) listener();
        }
        return prototype.constructor;
      },
    },
  });
  watchedPrototypes.set(prototype, watched);
  return watched;
}
