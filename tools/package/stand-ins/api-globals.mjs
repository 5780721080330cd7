const KEY = Symbol.for("opentelemetry.js.api.1");
/** The version that is built in, for copies of the API that find what is registered by it. */
const VERSION = "__API_VERSION__";

/**
 * Stands for `internal/global-utils` of `@opentelemetry/api`. The copy of the API that is built into this package shares the
 * global object with that of the application, of whichever version 1.x that is: of what others register, only what every
 * version has is used.
 */
export function registerGlobal(type, instance, diag, allowOverride = false) {
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

export function getGlobal(type) {
  return globalThis[KEY]?.[type];
}

export function unregisterGlobal(type) {
  if (globalThis[KEY] !== undefined) delete globalThis[KEY][type];
}
