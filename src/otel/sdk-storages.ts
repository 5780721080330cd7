import type { Attributes } from "@opentelemetry/api";
import { attributesKey } from "../core/attributes-key.ts";
import { BoundedStorage, type DeltaStorage } from "./bounded-storage.ts";

/** The attribute sets of an instrument that have gone, with the scope of the instrument. */
interface GoneSets {
  readonly scope: string;
  readonly instrument: string;
  readonly gone: readonly Attributes[];
}

/** Private parts of the SDK, the same in the 2.x and 3.x lines. */
interface SetMap {
  readonly _keyMap?: Map<string, Attributes>;
  readonly _valueMap?: Map<string, { sampleTime?: [number, number] }>;
}

interface Storage {
  readonly _instrumentDescriptor?: { readonly name?: string; readonly type?: string };
  readonly _deltaMetricStorage?: DeltaStorage &
    Readonly<Record<"_activeCollectionStorage" | "_cumulativeMemoStorage", SetMap>>;
  readonly _temporalMetricStorage?: {
    readonly _reportHistory?: Map<unknown, { readonly accumulations?: SetMap }>;
    readonly _unreportedAccumulations?: Map<unknown, readonly SetMap[]>;
    readonly _getMergedUnreportedAccumulations?: (reader: unknown) => SetMap;
  };
  /** Ours: see `ObservedStorage`. */
  readonly forgetObserved?: (isGone: (attributes: Attributes) => boolean) => void;
}

type StoragesByName = Map<string, readonly Storage[]>;

interface Collector {
  readonly _sharedState?: {
    readonly meterSharedStates?: Map<
      unknown,
      {
        readonly _instrumentationScope?: { readonly name?: string };
        readonly metricStorageRegistry?: {
          readonly _sharedRegistry?: StoragesByName;
          readonly _perCollectorRegistry?: Map<unknown, StoragesByName>;
        };
      }
    >;
  };
}

/**
 * The SDK's storages of the instruments of one meter provider, for all its readers. The SDK keeps
 * every attribute set until the process ends, and has no public way to forget one. So private parts
 * are used if they are as expected; otherwise nothing is forgotten.
 */
export class SdkStorages {
  readonly #collector: Collector;
  readonly #bounded = new WeakMap<Storage, BoundedStorage>();

  /** @param producer what the SDK has passed to a reader. */
  constructor(producer: unknown) {
    this.#collector = producer as Collector;
  }

  /**
   * Forgets attribute sets: they make room under the cardinality limit, and start again from 0. What was
   * recorded of a set since the last collection counts: the set stays.
   *
   * @param sharedToo whether to forget those too that all readers share. What a view of the
   * application has made is shared, and not ours to forget.
   */
  forget({ scope, instrument, gone }: GoneSets, sharedToo: boolean): void {
    const sets = new Map(gone.map((attributes) => [attributesKey(attributes), attributes]));
    const ofInstrument = Array.from(this.#storages()).filter(
      (known) => known.scope === scope && known.storage._instrumentDescriptor?.name === instrument,
    );
    for (const { storage, isShared, isOurs } of ofInstrument)
      if (isShared || isOurs) for (const key of this.#notCollected(storage)) sets.delete(key);
    for (const { storage, isShared } of ofInstrument) {
      if (isShared && !sharedToo) continue;
      for (const map of mapsOf(storage)) remove(map, sets);
      for (const attributes of sets.values()) this.#bounded.get(storage)?.forget(attributes);
      storage.forgetObserved?.((attributes) => sets.has(attributesKey(attributes)));
    }
  }

  /**
   * Makes every stored value older than the next one. The SDK takes the value with the later time for
   * the newer one: after the clock was set back, it would show old values until then.
   */
  age(): void {
    for (const { storage } of this.#storages())
      for (const { _valueMap: accumulations } of mapsOf(storage))
        for (const accumulation of accumulations?.values() ?? [])
          if (Array.isArray(accumulation.sampleTime)) accumulation.sampleTime = [0, 0];
  }

  /**
   * Limits the attribute sets of each instrument that records: see `BoundedStorage`.
   *
   * @param ofAll whether to do so for all readers, or for this one and those that share its storages.
   */
  bound(ofAll: boolean): void {
    for (const { storage, isOurs } of this.#storages()) {
      if (!ofAll && !isOurs) continue;
      const { _deltaMetricStorage: delta, _instrumentDescriptor: descriptor } = storage;
      const isObserved = descriptor?.type?.startsWith("OBSERVABLE_") ?? true;
      if (delta === undefined || isObserved || this.#bounded.has(storage)) continue;
      const known = Array.from(mapsOf(storage), ({ _keyMap: sets }) => [...(sets?.keys() ?? [])]).flat();
      const bounded = BoundedStorage.of(delta, known);
      if (bounded !== undefined) this.#bounded.set(storage, bounded);
    }
  }

  /**
   * Merges what other readers have not collected yet. The SDK keeps it apart for each collection of
   * any reader, so a reader that never collects would cost more and more memory.
   *
   * @param ofAll whether to do so for all readers, or for this one and those that share its storages.
   */
  mergeUnreported(ofAll: boolean): void {
    for (const { storage, isOurs } of this.#storages()) {
      if (!ofAll && !isOurs) continue;
      const temporal = storage._temporalMetricStorage;
      for (const [reader, unreported] of temporal?._unreportedAccumulations ?? []) {
        if (unreported.length < 2) continue;
        const merged = temporal?._getMergedUnreportedAccumulations?.(reader);
        if (merged !== undefined) temporal?._unreportedAccumulations?.set(reader, [merged]);
      }
    }
  }

  /** The sets that were recorded since this reader has collected, by their keys. */
  *#notCollected({
    _deltaMetricStorage: delta,
    _temporalMetricStorage: temporal,
  }: Storage): Iterable<string> {
    const recorded = temporal?._unreportedAccumulations?.get(this.#collector) ?? [];
    for (const map of [delta?._activeCollectionStorage, ...recorded])
      for (const attributes of map?._keyMap?.values() ?? []) yield attributesKey(attributes);
  }

  *#storages(): Iterable<{
    readonly scope: string;
    readonly storage: Storage;
    readonly isShared: boolean;
    readonly isOurs: boolean;
  }> {
    for (const meter of this.#collector?._sharedState?.meterSharedStates?.values() ?? []) {
      const registry = meter.metricStorageRegistry;
      const scope = meter._instrumentationScope?.name ?? "";
      const ours = registry?._perCollectorRegistry?.get(this.#collector);
      const all = [registry?._sharedRegistry, ...(registry?._perCollectorRegistry?.values() ?? [])];
      for (const byName of all)
        for (const storages of byName?.values() ?? [])
          for (const storage of storages)
            yield {
              scope,
              storage,
              isShared: byName === registry?._sharedRegistry,
              isOurs: byName === ours,
            };
    }
  }
}

function* mapsOf({
  _deltaMetricStorage: delta,
  _temporalMetricStorage: temporal,
}: Storage): Iterable<SetMap> {
  if (delta !== undefined)
    yield* [delta._activeCollectionStorage, delta._cumulativeMemoStorage].filter(Boolean);
  for (const { accumulations } of temporal?._reportHistory?.values() ?? [])
    if (accumulations !== undefined) yield accumulations;
  for (const unreported of temporal?._unreportedAccumulations?.values() ?? []) yield* unreported;
}

function remove(
  { _keyMap: attributes, _valueMap: values }: SetMap,
  gone: ReadonlyMap<string, unknown>,
): void {
  for (const [hash, set] of attributes ?? []) {
    if (!gone.has(attributesKey(set))) continue;
    attributes?.delete(hash);
    values?.delete(hash);
  }
}
