const KEY = Symbol.for("opentelemetry.js.api.1");
/** The built-in version, for copies of the API that read what this copy registers. */
const VERSION = "__API_VERSION__";
/** Our logger. If it were registered, the API would warn an application that sets its own. */
let logger;

/**
 * Replaces `internal/global-utils` of `@opentelemetry/api`. The copy of the API in this package
 * shares the global object with the application's copy, of any version 1.x. It uses only what all
 * versions register. The logger is not shared.
 */
export function registerGlobal(type, instance, diag, allowOverride = false) {
  if (type === "diag") {
    logger = instance;
    return true;
  }
  const api = globalThis[KEY] ?? Object.defineProperty({}, "version", { value: VERSION, enumerable: true });
  // Assigned before it is read, as in the API itself.
  globalThis[KEY] = api;
  if (!allowOverride && api[type]) {
    diag.error(`@opentelemetry/api: Attempted duplicate registration of API: ${type}`);
    return false;
  }
  api[type] = instance;
  return true;
}

/** Without a logger of our own, messages go to the application's logger. */
export function getGlobal(type) {
  return (type === "diag" ? logger : undefined) ?? globalThis[KEY]?.[type];
}

export function unregisterGlobal(type) {
  if (type === "diag") logger = undefined;
  else if (globalThis[KEY] !== undefined) delete globalThis[KEY][type];
}
