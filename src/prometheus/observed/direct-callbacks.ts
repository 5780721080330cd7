import type { CallbackWay, Observer } from "../../core/sliced-collection.ts";
import { within } from "../within.ts";
import { isObservedStorage, ObservedStorage, type SdkStorage, type Shows } from "./observed-storage.ts";
import { type ObservedBefore, ObserverCall } from "./observer-call.ts";

/** Private parts of an observable instrument of the SDK. */
interface Instrument {
  readonly _metricStorages?: readonly SdkStorage[];
}

/** Private parts of a callback that was registered for one instrument, or for several. */
interface Registered extends Observer {
  readonly instrument?: Instrument;
  readonly instruments?: Iterable<Instrument>;
}

/** Private parts of a meter. */
interface Meter {
  readonly metricStorageRegistry: {
    readonly _perCollectorRegistry?: ReadonlyMap<unknown, ReadonlyMap<string, readonly SdkStorage[]>>;
  };
}

type Context = Parameters<CallbackWay>[1];

/**
 * Who keeps the values of a storage, for all our readers; `undefined` for a storage that is left to the
 * SDK.
 */
const keepers = new WeakMap<SdkStorage, ObservedStorage | undefined>();

/**
 * Calls the callbacks of observable instruments for a reader that shows totals since the start, or
 * levels since its last collection. What they observe is kept by us: the SDK would hash and store each
 * value. An instrument that is not as expected, or that a view of the application changes, is left to
 * the SDK.
 */
export class DirectCallbacks {
  readonly #shows: Shows;
  readonly #before = new WeakMap<Observer, ObservedBefore>();
  /** For a class without an object, the engine may drop its compiled code. */
  readonly #kept: { call?: ObserverCall } = {};

  /** @param shows what the reader shows. */
  constructor(shows: Shows) {
    this.#shows = shows;
  }

  /** The function that calls a callback; `undefined`: the SDK calls it. */
  readonly wayOf: CallbackWay = (observer, context) => {
    const { instrument, instruments } = observer as Registered;
    const storages = this.#storagesOf(instruments ?? [instrument ?? {}], context);
    if (storages === undefined) return undefined;
    const before: ObservedBefore = this.#before.get(observer) ?? new Map();
    this.#before.set(observer, before);
    return (followed) => async (at, timeoutMillis) => {
      const call = new ObserverCall(storages, before);
      this.#kept.call = call;
      try {
        await ended(followed.callback(call.resultOf(instruments !== undefined)), timeoutMillis);
        call.commit(at);
        return [];
      } catch (error) {
        return [error];
      }
    };
  };

  #storagesOf(
    instruments: Iterable<Instrument>,
    context: Context,
  ): ReadonlyMap<unknown, ObservedStorage> | undefined {
    const storages = new Map<unknown, ObservedStorage>();
    for (const instrument of instruments) {
      const storage = this.#storageOf(instrument, context);
      if (storage === undefined) return undefined;
      storages.set(instrument, storage);
    }
    return storages;
  }

  #storageOf({ _metricStorages: all = [] }: Instrument, context: Context): ObservedStorage | undefined {
    if (!all.every(isObservedStorage)) return undefined;
    const own = all.filter((storage) => belongsTo(storage, context));
    if (own.length !== 1) return undefined;
    const [storage] = own as [SdkStorage];
    if (!keepers.has(storage)) keepers.set(storage, keeperOf(storage, this.#shows, all));
    const keeper = keepers.get(storage);
    keeper?.shareWith(all);
    return keeper;
  }
}

/** Whether a storage is of this reader and no other. What a view has made is of all. */
function belongsTo(storage: SdkStorage, { meter, collector }: Context): boolean {
  const ofReader = (meter as Meter).metricStorageRegistry._perCollectorRegistry?.get(collector);
  return ofReader?.get(storage._instrumentDescriptor.name)?.includes(storage) === true;
}

/** That of another reader of ours, or a new one. */
function keeperOf(
  storage: SdkStorage,
  shows: Shows,
  all: readonly SdkStorage[],
): ObservedStorage | undefined {
  try {
    const others = all.map((other) => keepers.get(other));
    return others.find((other) => other?.serve(storage, shows)) ?? new ObservedStorage(storage, shows);
  } catch {
    return undefined;
  }
}

/** Settles as the call of a callback does, if that returns a promise. */
async function ended(call: unknown, timeoutMillis: number | undefined): Promise<void> {
  if (Object(call) !== call) return;
  if (timeoutMillis === undefined) await call;
  else await within(timeoutMillis, async () => call);
}
