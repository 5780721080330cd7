import { type YieldingClock, YieldingRunner } from "./yielding-runner.ts";

interface Options {
  readonly timeoutMillis?: number;
}

/** What a reader of the SDK is given to collect from. */
interface Source<Result> {
  collect(options?: Options): Promise<Result>;
}

/** Private parts of a reader's source, the same in the 2.x and 3.x lines of the SDK. */
interface Collector {
  readonly _sharedState: {
    readonly resource: unknown;
    readonly meterSharedStates: ReadonlyMap<unknown, Meter>;
  };
}

interface Meter {
  readonly _instrumentationScope: unknown;
  readonly observableRegistry: Registry;
  readonly metricStorageRegistry: { getStorages(collector: unknown): readonly Storage[] };
}

/** A callback of the application, and the instruments that it observes. */
export interface Observer {
  callback(result: unknown): unknown;
}

/** The callbacks of one meter. */
interface Registry {
  readonly _callbacks: readonly Observer[];
  readonly _batchCallbacks: readonly Observer[];
  readonly observe: Observe;
}

/** Calls callbacks, and settles with the errors when they have observed. */
export type Observe = (at: HrTime, timeoutMillis?: number) => Promise<unknown[]>;

/**
 * Another way to call a callback than the SDK's: given the callback as it is followed here.
 * `undefined` if there is none for it.
 */
export type CallbackWay = (
  observer: Observer,
  context: { readonly meter: unknown; readonly collector: unknown },
) => ((followed: Observer) => Observe) | undefined;

interface Storage {
  collect(collector: unknown, at: HrTime): unknown;
}

type HrTime = [seconds: number, nanoseconds: number];

/** A call that has not ended for so long hangs: the callback is not called again until it has ended. */
export const HUNG_MILLIS = 5000;
export const STILL_RUNNING = "a callback was not called, because its earlier call has not ended yet";

/** When the oldest open call of a callback began, for all readers. */
const openSince = new WeakMap<Observer, number>();

/**
 * The same source, collected instrument by instrument. The SDK collects all instruments in one go,
 * which blocks the event loop of an application with many of them, and at each collection it waits
 * for a callback that hangs. Where the SDK is another than expected, its own way is used.
 *
 * @param clock paces the work.
 * @param now in epoch milliseconds.
 * @param wayOf another way to call callbacks. Default: the SDK's.
 */
export function inSlices<Result>(
  source: Source<Result>,
  clock: YieldingClock,
  now: () => number,
  wayOf: CallbackWay = () => undefined,
): Source<Result> {
  return {
    collect: async (options) => {
      const collector: unknown = source;
      if (!isKnown(collector)) return source.collect(options);
      const collected = await collectInSlices(collector, clock, {
        at: hrTimeOf(now()),
        timeoutMillis: options?.timeoutMillis,
        wayOf,
      });
      return collected as Result;
    },
  };
}

async function collectInSlices(
  collector: Collector,
  clock: YieldingClock,
  {
    at,
    timeoutMillis,
    wayOf,
  }: { readonly at: HrTime; readonly timeoutMillis: number | undefined; readonly wayOf: CallbackWay },
): Promise<unknown> {
  const slices = new YieldingRunner(clock);
  const { resource, meterSharedStates } = collector._sharedState;
  const meters = [...meterSharedStates.values()];
  const observing: Promise<unknown[]>[] = [];
  for (const meter of meters)
    for (const observe of observations(meter.observableRegistry, clock.elapsedMillis, (observer) =>
      wayOf(observer, { meter, collector }),
    )) {
      observing.push(observe(at, timeoutMillis));
      if (slices.isDue) await slices.pause();
    }
  const errors = (await Promise.all(observing)).flat();
  const scopeMetrics: unknown[] = [];
  for (const meter of meters) {
    const metrics: unknown[] = [];
    for (const storage of meter.metricStorageRegistry.getStorages(collector)) {
      const metric = storage.collect(collector, at);
      if (metric !== undefined && metric !== null) metrics.push(metric);
      if (slices.isDue) await slices.pause();
    }
    if (metrics.length > 0) scopeMetrics.push({ scope: meter._instrumentationScope, metrics });
  }
  return { resourceMetrics: { resource, scopeMetrics }, errors };
}

/** A function for each callback, which observes as the whole registry does. */
function* observations(
  registry: Registry,
  elapsedMillis: () => number,
  wayOf: (observer: Observer) => ReturnType<CallbackWay>,
): Iterable<Observe> {
  const { _callbacks: single, _batchCallbacks: batch } = registry;
  const only = (part: Partial<Registry>): Observe => {
    const narrowed: Registry = Object.assign(
      Object.create(registry),
      { _callbacks: [], _batchCallbacks: [] },
      part,
    );
    return (...given) => narrowed.observe(...given);
  };
  for (const observer of [...single])
    yield observation(
      observer,
      elapsedMillis,
      wayOf(observer) ?? ((followed) => only({ _callbacks: [followed] })),
    );
  for (const observer of [...batch])
    yield observation(
      observer,
      elapsedMillis,
      wayOf(observer) ?? ((followed) => only({ _batchCallbacks: [followed] })),
    );
}

function observation(
  observer: Observer,
  elapsedMillis: () => number,
  observeOf: (followed: Observer) => Observe,
): Observe {
  const callback = (result: unknown): unknown => {
    const begunAt = elapsedMillis();
    const returned = observer.callback(result);
    if (!mayBeThenable(returned)) return returned;
    const call = adopted(returned);
    if (openSince.has(observer)) return call;
    openSince.set(observer, begunAt);
    const end = (): void => {
      openSince.delete(observer);
    };
    call.then(end, end);
    return call;
  };
  return async (at, timeoutMillis) => {
    const begunAt = openSince.get(observer);
    if (begunAt !== undefined && elapsedMillis() - begunAt >= HUNG_MILLIS) return [new Error(STILL_RUNNING)];
    return observeOf({ ...observer, callback })(at, timeoutMillis);
  };
}

function mayBeThenable(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/**
 * A promise of our own for what a callback returned. It reads and calls `then` once, as the SDK
 * would, and takes what that throws. The SDK gets this promise, and so does not call it again.
 */
function adopted(returned: object): Promise<unknown> {
  return new Promise((resolve) => resolve(returned));
}

function isKnown(source: unknown): source is Collector {
  const meters = (source as Partial<Collector> | undefined)?._sharedState?.meterSharedStates;
  return meters instanceof Map && [...meters.values()].every(isKnownMeter);
}

function isKnownMeter(meter: Partial<Meter> | undefined): boolean {
  const registry = meter?.observableRegistry;
  return (
    Array.isArray(registry?._callbacks) &&
    Array.isArray(registry._batchCallbacks) &&
    typeof registry.observe === "function" &&
    typeof meter?.metricStorageRegistry?.getStorages === "function"
  );
}

function hrTimeOf(millis: number): HrTime {
  const seconds = Math.trunc(millis / 1000);
  return [seconds, Math.round((millis - seconds * 1000) * 1e6)];
}
