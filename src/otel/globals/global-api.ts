import { createNoopMeter, type MeterProvider, metrics } from "@opentelemetry/api";

const API_KEY = Symbol.for("opentelemetry.js.api.1");

/** The object in which every copy of the API, of one major version, keeps what is registered. */
export type GlobalApi = Record<PropertyKey, unknown>;

/** What `globalThis` inherits from, where nothing else does. */
const behindGlobal = ownPrototypeOf(globalThis);

export function globalApi(): GlobalApi | undefined {
  return (globalThis as unknown as Record<symbol, GlobalApi | undefined>)[API_KEY];
}

export function globalApiProperty(): PropertyDescriptor | undefined {
  return Object.getOwnPropertyDescriptor(globalThis, API_KEY);
}

/** Some delete the property, so that whoever registers next makes it anew: what is behind `globalThis` is asked then. */
export function defineGlobalApi(property: PropertyDescriptor): void {
  Object.defineProperty(globalThis, API_KEY, property);
  if (behindGlobal !== undefined) Object.defineProperty(behindGlobal, API_KEY, property);
}

export function restoreGlobalApi(property: PropertyDescriptor): void {
  if (behindGlobal !== undefined) delete behindGlobal[API_KEY];
  Object.defineProperty(globalThis, API_KEY, property);
}

/** Registers something for a moment, by which the API makes its global object; `false` where another version has made it. */
export function registersByOurApi(): boolean {
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
