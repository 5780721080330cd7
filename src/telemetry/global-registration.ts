import { type MeterProvider, metrics } from "@opentelemetry/api";

const API_KEY = Symbol.for("opentelemetry.js.api.1");

type GlobalApi = Record<PropertyKey, unknown>;

/** One name of the global API that holds something of ours until somebody else registers there. */
export interface YieldingSlot {
  /** What is registered there as ours. */
  readonly ours: unknown;
  /** Whether registering this takes the name over. */
  isTakeover(value: unknown): boolean;
  onTakenOver(value: unknown): void;
  /** Whether ours is there again when the other is unregistered. */
  readonly returns: boolean;
}

/** What is registered under a name of the global API. */
export function registeredGlobal(name: string): unknown {
  return ((globalThis as unknown as GlobalApi)[API_KEY] as GlobalApi | undefined)?.[name];
}

/**
 * Registers our meter provider as the global one in such a way that an application can still register its own later:
 * `onTakenOver` is then told of it, and it is the global one from then on. Without this the API refuses a second
 * registration, and the application's exporters would never see an instrument.
 *
 * @returns a function that undoes it, or `undefined` when somebody else has registered a meter provider already.
 */
export function registerYieldingly(
  ours: MeterProvider,
  onTakenOver: (theirs: MeterProvider) => void,
): (() => void) | undefined {
  // Where there is one, the API would report an attempt to register another as an error.
  if (registeredGlobal("metrics") !== undefined || !metrics.setGlobalMeterProvider(ours)) return undefined;
  return yieldSlots({
    metrics: {
      ours,
      isTakeover: (value) => value !== ours,
      onTakenOver: (value) => onTakenOver(value as MeterProvider),
      returns: true,
    },
  });
}

/**
 * Lets names of the global API that are ours be registered again by somebody else.
 *
 * How it works: when it registers, `@opentelemetry/api` first assigns its global object and then, at once, reads from
 * it whether the name is taken (`registerGlobal` in its `internal/global-utils`). So the first read after an
 * assignment is that question, and the answer to it is "no" as long as what is registered is ours.
 *
 * @returns a function that undoes it. What was done later has to be undone before.
 */
export function yieldSlots(slots: Readonly<Record<string, YieldingSlot>>): () => void {
  const scope = globalThis as unknown as GlobalApi;
  const before = Object.getOwnPropertyDescriptor(scope, API_KEY);
  const api = scope[API_KEY] as GlobalApi;
  const ours = new Map(Object.entries(slots));
  const yielded = new Set<PropertyKey>();
  let isRegistering = false;
  const slotOf = (name: PropertyKey): YieldingSlot | undefined => ours.get(name as string);
  const isOurs = (name: PropertyKey, slot: YieldingSlot | undefined): boolean =>
    slot !== undefined && !yielded.has(name) && api[name] === slot.ours;
  const watched = new Proxy(api, {
    get(target, name) {
      const asksWhetherTaken = isRegistering;
      isRegistering = false;
      if (asksWhetherTaken && isOurs(name, slotOf(name))) return undefined;
      return target[name];
    },
    set(target, name, value) {
      const slot = slotOf(name);
      target[name] = value;
      if (slot?.isTakeover(value)) {
        yielded.add(name);
        slot.onTakenOver(value);
      }
      return true;
    },
    deleteProperty(target, name) {
      const slot = slotOf(name);
      if (slot?.returns && yielded.delete(name)) target[name] = slot.ours;
      else delete target[name];
      return true;
    },
  });
  Object.defineProperty(scope, API_KEY, {
    configurable: true,
    enumerable: false,
    get: () => watched,
    set: (value) => {
      isRegistering = true;
      before?.set?.(value);
    },
  });
  return () => {
    Object.defineProperty(scope, API_KEY, before ?? { configurable: true, writable: true, value: api });
    for (const [name, slot] of ours) if (isOurs(name, slot)) delete api[name];
  };
}
