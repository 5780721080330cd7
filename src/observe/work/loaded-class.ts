import { kindOfError } from "../../core/error-type.ts";
import { log } from "../../logging/component-logger.ts";
import { appendToSource } from "./load-hooks.ts";

/** A class of a framework that is needed as soon as its module is loaded. */
export interface AwaitedClass {
  /** The key in the process under which all copies of this package wait for the class. */
  readonly key: string;
  /** The name of the class in its module. */
  readonly className: string;
  /** Whether the module of this URL defines the class. The URL has no query. */
  isDefinedAt(url: string): boolean;
  /** Whether this source defines the class, if the URL alone does not show it. */
  isDefinedIn?(source: string): boolean;
  /** An expression for what is passed on instead of the class; it is valid at the module's end. */
  expressionIn?(source: string): string;
}

/**
 * The listeners for one class in this process, and the copies that were loaded. Other versions of
 * this package in the process use the same fields: do not rename them.
 */
interface Waiting<Class> {
  readonly listeners: Set<(loaded: Class) => void>;
  /** The copies that were loaded: as ES module, as CommonJS, in several versions. */
  readonly loaded: Set<Class>;
}

/**
 * Calls `listener` for every copy of a class: those that were loaded before, and each that is
 * loaded from now on, as ES module or CommonJS. The module that defines the class gets one more
 * line at its end, which passes the class on. There may be several listeners for a class.
 *
 * @returns a function that stops it.
 */
export function awaitClass<Class>(awaited: AwaitedClass, listener: (loaded: Class) => void): () => void {
  const waiting = waitingFor<Class>(awaited);
  const notify = (loaded: Class): void => {
    try {
      listener(loaded);
    } catch (error) {
      log.warn(`${awaited.className} is not observed: ${kindOfError(error)}`);
      log.debug(`${awaited.className} is not observed`, error);
    }
  };
  waiting.listeners.add(notify);
  // With several listeners, the innermost hook appends the line. The others see that it is there.
  const stopAppending = appendToSource(
    (url) => awaited.isDefinedAt(url),
    (source) => {
      if (awaited.isDefinedIn?.(source) === false) return undefined;
      const line = lineFor(awaited, source);
      return source.includes(line) ? undefined : line;
    },
  );
  for (const loaded of waiting.loaded) notify(loaded);
  return () => {
    stopAppending();
    waiting.listeners.delete(notify);
  };
}

/**
 * Adds a copy of a class whose loading was not noticed. All listeners receive it, those of now and
 * those that are added later.
 */
export function addLoadedClass<Class>(awaited: AwaitedClass, loaded: Class): void {
  const waiting = waitingFor<Class>(awaited);
  if (waiting.loaded.has(loaded)) return;
  waiting.loaded.add(loaded);
  for (const notify of waiting.listeners) notify(loaded);
}

/** One object in the process for all copies of this package. */
function waitingFor<Class>({ key }: AwaitedClass): Waiting<Class> {
  const symbol = Symbol.for(key);
  const all = globalThis as unknown as Record<symbol, Waiting<Class> | undefined>;
  const waiting = all[symbol] ?? { listeners: new Set(), loaded: new Set() };
  all[symbol] = waiting;
  return waiting;
}

/** The line that is appended. It runs after the rest of the module. */
function lineFor({ key, className, expressionIn }: AwaitedClass, source: string): string {
  const waiting = `globalThis[Symbol.for(${JSON.stringify(key)})]`;
  if (expressionIn !== undefined)
    return `\n;try { const loaded = ${expressionIn(source)}; ${waiting}?.loaded.add(loaded); for (const listener of ${waiting}?.listeners ?? []) listener(loaded); } catch {}`;
  return `\n;try { if (typeof ${className} === "function") { ${waiting}?.loaded.add(${className}); for (const listener of ${waiting}?.listeners ?? []) listener(${className}); } } catch {}`;
}
