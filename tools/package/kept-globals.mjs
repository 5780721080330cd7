import { join } from "node:path";

const folder = join(import.meta.dirname, "stand-ins");

/**
 * Globals that an app may replace while it runs, as its tests do with timers that stand still. All that is bundled
 * keeps what there was before: our timers are none of the app's, and the app's time is none of ours.
 *
 * By global name, the module that keeps it and the name that it has there.
 */
export const KEPT_GLOBALS = {
  ...sameNames("own-timers", [
    "setTimeout",
    "clearTimeout",
    "setInterval",
    "clearInterval",
    "setImmediate",
    "clearImmediate",
  ]),
  ...sameNames("own-globals", [
    "AbortController",
    "AbortSignal",
    "Buffer",
    "fetch",
    "queueMicrotask",
    "TextDecoder",
    "TextEncoder",
    "URL",
    "URLSearchParams",
  ]),
  "Date.now": kept("own-globals", "dateNow"),
  "performance.now": kept("own-globals", "performanceNow"),
  "performance.timeOrigin": kept("own-globals", "performanceOrigin"),
  "Object.create": kept("own-globals", "ownCreate"),
  "Object.defineProperties": kept("own-globals", "ownDefineProperties"),
  "Object.defineProperty": kept("own-globals", "ownDefineProperty"),
  "Reflect.defineProperty": kept("own-globals", "ownReflectDefine"),
  Promise: kept("own-globals", "NativePromise"),
};

/** @param {string} module @param {string[]} names */
function sameNames(module, names) {
  return Object.fromEntries(names.map((name) => [name, kept(module, name)]));
}

/** @param {string} module @param {string} name @returns {[string, string]} */
function kept(module, name) {
  return [join(folder, `${module}.mjs`), name];
}
