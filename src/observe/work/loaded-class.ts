import { messageOf } from "../../core/text-of.ts";
import { log } from "../../logging/component-logger.ts";
import { appendToSource } from "./source-ending.ts";

/** A class of somebody else's that shall be known as soon as the module is loaded that defines it. */
export interface AwaitedClass {
  /** What those who wait for it are known by in this process, whichever copy of us they are of. */
  readonly key: string;
  /** What the class is called in its module. */
  readonly className: string;
  /** Whether a module of this address, which is without a query, defines it. */
  isDefinedAt(url: string): boolean;
  /** Where the address alone does not tell: whether this source defines it. */
  isDefinedIn?(source: string): boolean;
}

interface Hall<Class> {
  readonly listeners: Set<(loaded: Class) => void>;
  /** Classes that have been loaded: as ES module, as CommonJS, in several versions. */
  readonly loaded: Set<Class>;
}

/**
 * Tells `listener` of every copy of a class, those that have been told of before and each that is loaded from now on, as
 * ES module or CommonJS: the module that defines it is given one line at its end that hands the class out. Several may
 * wait for one class.
 *
 * @returns a function that ends it.
 */
export function awaitClass<Class>(awaited: AwaitedClass, listener: (loaded: Class) => void): () => void {
  const hall = hallOf<Class>(awaited);
  const tell = (loaded: Class): void => {
    try {
      listener(loaded);
    } catch (error) {
      log.warn(`${awaited.className} is not observed: ${messageOf(error)}`);
    }
  };
  hall.listeners.add(tell);
  const line = lineFor(awaited);
  // Of several who wait the innermost appends; those around it see that it has.
  const stopAppending = appendToSource(
    (url) => awaited.isDefinedAt(url),
    (source) => (source.includes(line) || awaited.isDefinedIn?.(source) === false ? undefined : line),
  );
  for (const loaded of hall.loaded) tell(loaded);
  return () => {
    stopAppending();
    hall.listeners.delete(tell);
  };
}

/** Tells all who wait for a class, now or later, of a copy that no module handed out as it was loaded. */
export function handOver<Class>(awaited: AwaitedClass, loaded: Class): void {
  const hall = hallOf<Class>(awaited);
  if (hall.loaded.has(loaded)) return;
  hall.loaded.add(loaded);
  for (const tell of hall.listeners) tell(loaded);
}

/** One in the process, whichever copy of us asks for it. */
function hallOf<Class>({ key }: AwaitedClass): Hall<Class> {
  const symbol = Symbol.for(key);
  const halls = globalThis as unknown as Record<symbol, Hall<Class> | undefined>;
  const hall = halls[symbol] ?? { listeners: new Set(), loaded: new Set() };
  halls[symbol] = hall;
  return hall;
}

/** Run when the module has run to its end, which it has to in any case. */
function lineFor({ key, className }: AwaitedClass): string {
  const hall = `globalThis[Symbol.for(${JSON.stringify(key)})]`;
  return `\n;try { if (typeof ${className} === "function") { ${hall}?.loaded.add(${className}); for (const listener of ${hall}?.listeners ?? []) listener(${className}); } } catch {}`;
}
