// The app replaces `Promise` by a library of its own, as some do, and deletes other globals.
import { metrics } from "@opentelemetry/api";
import { seen } from "./shared/work.mjs";

const DELETED = [
  ...[
    "AbortController",
    "AbortSignal",
    "Buffer",
    "Event",
    "EventTarget",
    "Intl",
    "TextDecoder",
    "TextEncoder",
  ],
  ...["URL", "URLSearchParams", "clearImmediate", "clearInterval", "clearTimeout", "crypto", "fetch"],
  ...["performance", "queueMicrotask", "setImmediate", "setInterval", "setTimeout", "structuredClone"],
];
for (const name of DELETED) delete globalThis[name];
globalThis.Promise = class {
  constructor() {
    throw new Error("a promise of the app was made by others");
  }
};
metrics.getMeter("app").createCounter("app.units").add(3);
await seen();
