import * as module from "node:module";
import { setImmediate } from "node:timers";

type Hooks = ReturnType<typeof module.registerHooks>;
type LoadHook = NonNullable<Parameters<typeof module.registerHooks>[0]["load"]>;
type Loaded = ReturnType<LoadHook>;

/** So many addresses are remembered as loaded; a development server invents a new one at every change. */
const MAX_REMEMBERED = 1000;

/**
 * The versions, by major line, from which on a load hook leaves CommonJS alone that an ES module imports. In those before,
 * such a module is loaded in a way of its own while any load hook is there, and `import "express"` ends the process.
 */
const SOUND_FROM: Readonly<Record<number, readonly [minor: number, patch: number]>> = {
  22: [22, 3],
  23: [Number.POSITIVE_INFINITY, 0],
  24: [11, 1],
  25: [1, 0],
};

/** Whether other modules may be loaded while a load hook is there. */
export function areLoadHooksSound(version = process.versions.node): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  const [soundMinor, soundPatch] = SOUND_FROM[major] ?? [0, 0];
  return minor > soundMinor || (minor === soundMinor && patch >= soundPatch);
}

/** Whether a module can be seen as it is loaded: Bun has no hooks, and Deno ends where one is used while it loads. */
export function hasLoadHooks(): boolean {
  return typeof module.registerHooks === "function" && process.versions.deno === undefined;
}

/**
 * Appends to the source of the modules that are awaited, as they are loaded. A load hook is there for that moment only: a
 * resolve hook, which changes nothing, sees that an awaited module is about to be loaded.
 *
 * @param isAwaited whether the module of this address is awaited; the address is without a query.
 * @param endingOf what is appended to a source; nothing where it is `undefined`.
 * @returns a function that ends it.
 */
export function appendToSource(
  isAwaited: (url: string) => boolean,
  endingOf: (source: string) => string | undefined,
): () => void {
  if (!hasLoadHooks()) return () => {};
  const armed = new Map<string, Hooks>();
  const loadedBefore = new Set<string>();
  const disarm = (url: string): void => {
    armed.get(url)?.deregister();
    armed.delete(url);
  };
  const arm = (url: string): void => {
    if (armed.has(url)) return;
    const load: LoadHook = (loading, context, nextLoad) => {
      if (loading !== url) return nextLoad(loading, context);
      disarm(url);
      if (loadedBefore.size >= MAX_REMEMBERED) loadedBefore.clear();
      loadedBefore.add(url);
      return withEnding(nextLoad(loading, context), endingOf);
    };
    armed.set(url, module.registerHooks({ load }));
  };
  const prepare = (url: string, format: string | null | undefined, isRequired: boolean): void => {
    if (isRequired) {
      // It is loaded before anything else happens, unless it was loaded before.
      arm(url);
      queueMicrotask(() => disarm(url));
    } else if (!loadedBefore.has(url)) {
      armForImport(url, format, arm);
      setImmediate(() => disarm(url)).unref();
    }
  };
  const resolving = module.registerHooks({
    resolve: (specifier, context, nextResolve) => {
      const resolved = nextResolve(specifier, context);
      const { url, format } = resolved;
      if (isAwaited(withoutQuery(url))) prepare(url, format, isOfRequire(context.conditions));
      return resolved;
    },
  });
  return () => {
    resolving.deregister();
    for (const url of [...armed.keys()]) disarm(url);
  };
}

/** An array; a set in the first versions that have hooks. */
function isOfRequire(conditions: Iterable<string> | undefined): boolean {
  return [...(conditions ?? [])].includes("require");
}

/**
 * Where a load hook would do harm to others, Node loads an import in the microtask after the one that is queued when it is
 * resolved; what else is resolved beside it is loaded before or after. CommonJS that is imported is left alone there: the
 * harm would be its own.
 */
function armForImport(url: string, format: string | null | undefined, arm: (url: string) => void): void {
  if (areLoadHooksSound()) arm(url);
  else if (format !== "commonjs") queueMicrotask(() => arm(url));
}

function withEnding(loaded: Loaded, endingOf: (source: string) => string | undefined): Loaded {
  if (loaded.source === undefined || loaded.source === null) return loaded;
  const source =
    typeof loaded.source === "string" ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString();
  const ending = endingOf(source);
  return ending === undefined ? loaded : { ...loaded, source: source + ending };
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, "");
}
