import { type MeterProvider, metrics } from "@opentelemetry/api";

const API_KEY = Symbol.for("opentelemetry.js.api.1");

type GlobalApi = Record<PropertyKey, unknown>;

/**
 * Registers our meter provider as the global one in such a way that an application can still register its own later:
 * `onTakenOver` is then told of it, and it is the global one from then on. Without this the API refuses a second
 * registration, and the application's exporters would never see an instrument.
 *
 * How it works: when it registers, `@opentelemetry/api` first assigns its global object and then, at once, reads from
 * it whether the name is taken (`registerGlobal` in its `internal/global-utils`). So the first read after an
 * assignment is that question, and the answer to it is "no" as long as what is registered is ours.
 *
 * @returns a function that undoes it, or `undefined` when somebody else has registered a meter provider already.
 */
export function registerYieldingly(
  ours: MeterProvider,
  onTakenOver: (theirs: MeterProvider) => void,
): (() => void) | undefined {
  if (!metrics.setGlobalMeterProvider(ours)) return undefined;
  const scope = globalThis as unknown as GlobalApi;
  const api = scope[API_KEY] as GlobalApi;
  let isRegistering = false;
  const watched = new Proxy(api, {
    get(target, name) {
      const asksWhetherTaken = isRegistering;
      isRegistering = false;
      if (asksWhetherTaken && name === "metrics" && target[name] === ours) return undefined;
      return target[name];
    },
    set(target, name, value) {
      const isTakeover = name === "metrics" && value !== ours;
      target[name] = value;
      if (isTakeover) onTakenOver(value as MeterProvider);
      return true;
    },
    deleteProperty(target, name) {
      if (name === "metrics" && target[name] !== ours) target[name] = ours;
      else delete target[name];
      return true;
    },
  });
  Object.defineProperty(scope, API_KEY, {
    configurable: true,
    enumerable: false,
    get: () => watched,
    set: () => {
      isRegistering = true;
    },
  });
  return () => {
    Object.defineProperty(scope, API_KEY, {
      configurable: true,
      enumerable: false,
      writable: true,
      value: api,
    });
    if (api.metrics === ours) delete api.metrics;
  };
}
