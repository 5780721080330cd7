import { createNoopMeter, type MeterProvider, metrics } from "@opentelemetry/api";

const API_KEY = Symbol.for("opentelemetry.js.api.1");

/** The object in which all copies of the API of one major version keep their registrations. */
export type GlobalApi = Record<PropertyKey, unknown>;

/** The prototype of `globalThis`, unless other objects inherit from it too. */
const prototypeOfGlobal = ownPrototypeOf(globalThis);

/** The global object; `undefined` before any copy of the API has registered something. */
export function globalApi(): GlobalApi | undefined {
  return (globalThis as unknown as Record<symbol, GlobalApi | undefined>)[API_KEY];
}

/** What is registered under a name, such as `metrics` or `trace`, by any copy of the API. */
export function registeredGlobal(name: string): unknown {
  return globalApi()?.[name];
}

/** The property of `globalThis` that holds the global object. */
export function globalApiProperty(): PropertyDescriptor | undefined {
  return Object.getOwnPropertyDescriptor(globalThis, API_KEY);
}

/**
 * Defines the property that holds the global object. Some libraries delete it, so that the next
 * registration creates a new object. The same property on the prototype then takes its place.
 */
export function defineGlobalApi(property: PropertyDescriptor): void {
  Object.defineProperty(globalThis, API_KEY, property);
  if (prototypeOfGlobal !== undefined) Object.defineProperty(prototypeOfGlobal, API_KEY, property);
}

/** Undoes `defineGlobalApi`. */
export function restoreGlobalApi(property: PropertyDescriptor): void {
  if (prototypeOfGlobal !== undefined) delete prototypeOfGlobal[API_KEY];
  Object.defineProperty(globalThis, API_KEY, property);
}

/**
 * Makes our copy of the API create the global object, by a registration that is undone at once.
 * Returns `false` if a copy of another version has created it before.
 */
export function createGlobalApi(): boolean {
  if (globalApi()?.metrics !== undefined) return true;
  const nothing: MeterProvider = { getMeter: () => createNoopMeter() };
  if (!metrics.setGlobalMeterProvider(nothing)) return false;
  metrics.disable();
  return true;
}

function ownPrototypeOf(object: object): GlobalApi | undefined {
  const prototype = Object.getPrototypeOf(object);
  return prototype === Object.prototype || prototype === null ? undefined : prototype;
}
