const KEY = Symbol.for("opentelemetry.js.api.1");
/** The version that is built in, for copies of the API that find what is registered by it. */
const VERSION = "__API_VERSION__";
/** Ours: one that is registered would have the API warn an application that sets its own. */
let logger;

/**
 * Stands for `internal/global-utils` of `@opentelemetry/api`. The copy of the API that is built into this package shares the
 * global object with that of the application, of whichever version 1.x that is: of what others register, only what every
 * version has is used. The logger is not shared.
 */
export function registerGlobal(type, instance, diag, allowOverride = false) {
  if (type === "diag") {
    logger = instance;
    return true;
  }
  const api = globalThis[KEY] ?? Object.defineProperty({}, "version", { value: VERSION, enumerable: true });
  // Assigned first and then read, as the API itself does it.
  globalThis[KEY] = api;
  if (!allowOverride && api[type]) {
    diag.error(`@opentelemetry/api: Attempted duplicate registration of API: ${type}`);
    return false;
  }
  api[type] = instance;
  return true;
}

/** Where we have no logger, that of the application is told. */
export function getGlobal(type) {
  return (type === "diag" ? logger : undefined) ?? globalThis[KEY]?.[type];
}

export function unregisterGlobal(type) {
  if (type === "diag") logger = undefined;
  else if (globalThis[KEY] !== undefined) delete globalThis[KEY][type];
}
