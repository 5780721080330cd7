import * as module from "node:module";
import { setImmediate } from "node:timers";

type Hooks = ReturnType<typeof module.registerHooks>;
type LoadHook = NonNullable<Parameters<typeof module.registerHooks>[0]["load"]>;
type Loaded = ReturnType<LoadHook>;
type ResolveHook = NonNullable<Parameters<typeof module.registerHooks>[0]["resolve"]>;

/** Called for a module that is about to be loaded. `url` has no query. */
type ResolveListener = (
  url: string,
  resolved: ReturnType<ResolveHook>,
  context: Parameters<ResolveHook>[1],
) => void;

/**
 * Maximum of URLs that are remembered as loaded. A development server makes a new one at every
 * change.
 */
const MAX_REMEMBERED = 1000;

/**
 * For each major version, the first one in which load hooks do no harm to CommonJS that an ES
 * module imports. In earlier ones, such a module is loaded in another way while any load hook is
 * registered, and `import "express"` ends the process.
 */
const SOUND_FROM: Readonly<Record<number, readonly [minor: number, patch: number]>> = {
  22: [22, 3],
  23: [Number.POSITIVE_INFINITY, 0],
  24: [11, 1],
  25: [1, 0],
};

/** Whether other modules can be loaded while a load hook is registered. */
export function areLoadHooksSound(version = process.versions.node): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  const [soundMinor, soundPatch] = SOUND_FROM[major] ?? [0, 0];
  return minor > soundMinor || (minor === soundMinor && patch >= soundPatch);
}

/**
 * Whether hooks can see modules while they are loaded. Bun has no hooks, and Deno ends when one is
 * used.
 */
export function hasLoadHooks(): boolean {
  return typeof module.registerHooks === "function" && process.versions.deno === undefined;
}

/**
 * Appends to the source of the modules that are awaited, while they are loaded. A resolve hook,
 * which changes nothing, notices that an awaited module is about to be loaded. Only then, and only
 * for that module, a load hook is registered.
 *
 * @param isAwaited whether the module of this URL is awaited; the URL has no query.
 * @param endingOf the text to append to a source; `undefined` to append nothing.
 * @returns a function that stops it.
 */
export function appendToSource(
  isAwaited: (url: string) => boolean,
  endingOf: (source: string) => string | undefined,
): () => void {
  const loadHooks = new LoadHooks(endingOf);
  return onResolved((url, { url: loaded, format }, { conditions }) => {
    if (!isAwaited(url)) return;
    if (isOfRequire(conditions)) loadHooks.expectRequire(loaded);
    else loadHooks.expectImport(loaded, format);
  });
}

/**
 * Calls `listener` with the URL of every module that is about to be loaded from now on, without its query.
 *
 * @returns a function that stops it.
 */
export function whenResolved(listener: (url: string) => void): () => void {
  return onResolved((url) => listener(url));
}

const resolveListeners = new Set<ResolveListener>();
/** One for all listeners: each hook costs at each module that the application loads. Absent without listeners. */
let resolveHook: Hooks | undefined;

function onResolved(listener: ResolveListener): () => void {
  if (!hasLoadHooks()) return () => {};
  resolveListeners.add(listener);
  resolveHook ??= module.registerHooks({
    resolve: (specifier, context, nextResolve) => {
      const resolved = nextResolve(specifier, context);
      const url = withoutQuery(resolved.url);
      for (const notify of resolveListeners) notify(url, resolved, context);
      return resolved;
    },
  });
  return () => {
    resolveListeners.delete(listener);
    if (resolveListeners.size > 0) return;
    resolveHook?.deregister();
    resolveHook = undefined;
  };
}

/** Load hooks, each for one module that is about to be loaded, and only until then. */
class LoadHooks {
  readonly #endingOf: (source: string) => string | undefined;
  readonly #hooks = new Map<string, Hooks>();
  readonly #loadedBefore = new Set<string>();

  constructor(endingOf: (source: string) => string | undefined) {
    this.#endingOf = endingOf;
  }

  /** A required module is loaded before anything else happens, unless it was loaded before. */
  expectRequire(url: string): void {
    this.#add(url);
    queueMicrotask(() => this.#remove(url));
  }

  /**
   * Where a load hook would harm other modules, Node loads an import in the microtask after the one
   * that is queued when it is resolved. Other modules that are resolved beside it are loaded before
   * or after. There, CommonJS that is imported gets no load hook: it would be harmed itself.
   */
  expectImport(url: string, format: string | null | undefined): void {
    if (this.#loadedBefore.has(url)) return;
    if (areLoadHooksSound()) this.#add(url);
    else if (format !== "commonjs") queueMicrotask(() => this.#add(url));
    setImmediate(() => this.#remove(url)).unref();
  }

  #add(url: string): void {
    if (this.#hooks.has(url)) return;
    const load: LoadHook = (loading, context, nextLoad) => {
      if (loading !== url) return nextLoad(loading, context);
      this.#remove(url);
      this.#remember(url);
      return withEnding(nextLoad(loading, context), this.#endingOf);
    };
    this.#hooks.set(url, module.registerHooks({ load }));
  }

  #remove(url: string): void {
    this.#hooks.get(url)?.deregister();
    this.#hooks.delete(url);
  }

  #remember(url: string): void {
    if (this.#loadedBefore.size >= MAX_REMEMBERED) this.#loadedBefore.clear();
    this.#loadedBefore.add(url);
  }
}

/** The conditions are an array; in the first versions with hooks, a set. */
function isOfRequire(conditions: Iterable<string> | undefined): boolean {
  return [...(conditions ?? [])].includes("require");
}

function withEnding(loaded: Loaded, endingOf: (source: string) => string | undefined): Loaded {
  if (loaded.source == null) return loaded;
  const source =
    typeof loaded.source === "string" ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString();
  const ending = endingOf(source);
  return ending === undefined ? loaded : { ...loaded, source: source + ending };
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, "");
}
