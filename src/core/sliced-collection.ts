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

/** The callbacks of one meter. */
interface Registry {
  readonly _callbacks: readonly unknown[];
  readonly _batchCallbacks: readonly unknown[];
  observe(at: HrTime, timeoutMillis?: number): Promise<unknown[]>;
}

interface Storage {
  collect(collector: unknown, at: HrTime): unknown;
}

type HrTime = [seconds: number, nanoseconds: number];

/**
 * The same source, collected instrument by instrument. The SDK collects all instruments in one go,
 * which blocks the event loop of an application with many of them. Where the SDK is another than
 * expected, its own way is used.
 *
 * @param clock paces the work.
 * @param now in epoch milliseconds.
 */
export function inSlices<Result>(
  source: Source<Result>,
  clock: YieldingClock,
  now: () => number,
): Source<Result> {
  return {
    collect: async (options) => {
      const collector: unknown = source;
      if (!isKnown(collector)) return source.collect(options);
      const collected = await collectInSlices(collector, new YieldingRunner(clock), {
        at: hrTimeOf(now()),
        timeoutMillis: options?.timeoutMillis,
      });
      return collected as Result;
    },
  };
}

async function collectInSlices(
  collector: Collector,
  slices: YieldingRunner,
  { at, timeoutMillis }: { readonly at: HrTime; readonly timeoutMillis: number | undefined },
): Promise<unknown> {
  const { resource, meterSharedStates } = collector._sharedState;
  const meters = [...meterSharedStates.values()];
  const observing: Promise<unknown[]>[] = [];
  for (const { observableRegistry } of meters)
    for (const one of oneByOne(observableRegistry)) {
      observing.push(one.observe(at, timeoutMillis));
      await slices.pauseIfDue();
    }
  const errors = (await Promise.all(observing)).flat();
  const scopeMetrics: unknown[] = [];
  for (const meter of meters) {
    const metrics: unknown[] = [];
    for (const storage of meter.metricStorageRegistry.getStorages(collector)) {
      const metric = storage.collect(collector, at);
      if (metric !== undefined && metric !== null) metrics.push(metric);
      await slices.pauseIfDue();
    }
    if (metrics.length > 0) scopeMetrics.push({ scope: meter._instrumentationScope, metrics });
  }
  return { resourceMetrics: { resource, scopeMetrics }, errors };
}

/** A registry for each callback, which behaves as the whole one does. */
function* oneByOne(registry: Registry): Iterable<Registry> {
  for (const callback of [...registry._callbacks])
    yield Object.assign(Object.create(registry), { _callbacks: [callback], _batchCallbacks: [] });
  for (const callback of [...registry._batchCallbacks])
    yield Object.assign(Object.create(registry), { _callbacks: [], _batchCallbacks: [callback] });
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
