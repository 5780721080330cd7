import type { Attributes, HrTime, ValueType } from "@opentelemetry/api";
import { InstrumentType, type MetricData } from "@opentelemetry/sdk-metrics";
import type { ObservedInstrument } from "./observations.ts";
import { allOf, type Descriptor, unreadOf } from "./observed-data.ts";
import { asHashed, hashOf } from "./observed-set.ts";
import { type Observed, ObservedSets } from "./observed-sets.ts";

/** The SDK's default cardinality limit. */
const DEFAULT_LIMIT = 2000;

/** Private parts of the SDK's storage of an observable instrument, the same in its 2.x and 3.x lines. */
export interface SdkStorage {
  readonly _instrumentDescriptor: Descriptor;
  readonly _aggregationCardinalityLimit?: number;
  _deltaMetricStorage?: { readonly _cumulativeMemoStorage?: HashMap<LastObserved> } | undefined;
  _temporalMetricStorage?: unknown;
  record(measurements: HashMap<number>, at: HrTime): void;
  collect(collector: unknown, at: HrTime): MetricData | undefined;
  /** Ours: see `SdkStorages`. */
  forgetObserved?(isGone: (attributes: Attributes) => boolean): void;
  /** Ours: tells other readers what only this one has observed. */
  shareObserved?(): void;
}

/** The part of the SDK's map of attribute sets that is used. */
interface HashMap<Value> {
  readonly _hash?: (attributes: Attributes) => string;
  entries(): Iterable<readonly [attributes: Attributes, value: Value, hash: string]>;
}

/** The last value of an attribute set. */
interface LastObserved {
  readonly startTime: HrTime;
  toPointValue(): unknown;
}

const SOME_SET: Attributes = { b: "x", a: 1 };
const OBSERVABLE: ReadonlySet<unknown> = new Set([
  InstrumentType.OBSERVABLE_GAUGE,
  InstrumentType.OBSERVABLE_COUNTER,
  InstrumentType.OBSERVABLE_UP_DOWN_COUNTER,
]);

/**
 * What a reader shows: the last value of each set since the start, or only what was observed since its
 * last collection, as a level.
 */
export type Shows = "all" | "unread";

/**
 * Keeps the values of an observable instrument in place of the SDK, for our endpoint, our collection,
 * or both: their storages are the SDK's own, but take and show what is in `sets`. Whatever callback the
 * SDK itself calls, for other readers, arrives here too.
 */
export class ObservedStorage implements ObservedInstrument {
  readonly sets: ObservedSets;
  readonly name: string;
  readonly valueType: ValueType;
  readonly #limit: number;
  /** The storages of our readers. */
  readonly #own = new Map<SdkStorage, Shows>();
  /** The storages of other readers. */
  readonly #others = new Set<SdkStorage>();
  #observedAt: HrTime = [0, 0];

  /** @param storage belongs to our reader, and no other. */
  constructor(storage: SdkStorage, shows: Shows) {
    const { _instrumentDescriptor: descriptor } = storage;
    this.name = descriptor.name;
    this.valueType = descriptor.valueType;
    this.#limit = limitOf(storage);
    this.sets = new ObservedSets({
      limit: this.#limit,
      isMonotonic: descriptor.type === InstrumentType.OBSERVABLE_COUNTER,
    });
    this.#takeOver(storage, shows);
  }

  /**
   * Keeps the values for another reader of ours too.
   *
   * @param storage is of the same instrument, and belongs to that reader.
   * @returns `false` if it cannot: the reader has another limit, or the sets know already who reads them.
   */
  serve(storage: SdkStorage, shows: Shows): boolean {
    if (limitOf(storage) !== this.#limit) return false;
    if (shows === "unread" && [...this.#own.values()].includes("unread")) return false;
    this.#others.delete(storage);
    this.#takeOver(storage, shows);
    return true;
  }

  /**
   * The SDK gives what is observed for one reader to all. So does this, but not before another
   * reader collects, and only what that has not observed itself by then.
   */
  shareWith(others: readonly SdkStorage[]): void {
    for (const other of others) {
      if (this.#others.has(other) || this.#own.has(other)) continue;
      this.#others.add(other);
      const { collect } = other;
      other.collect = (...given) => {
        if (this.#others.has(other)) this.#share();
        return collect.apply(other, given);
      };
    }
  }

  tell(observed: ReadonlyMap<string, Observed>, at: HrTime): void {
    const entries = Array.from(
      observed,
      ([hash, { attributes, value }]) => [attributes, value, hash] as const,
    );
    for (const other of this.#others) other.record({ entries: () => entries }, at);
  }

  /** How an observation of ours is noted. */
  observationAt(at: HrTime): { at: HrTime; isUnshared: boolean } {
    // What another one of us has observed is older.
    for (const other of this.#others) other.shareObserved?.();
    this.#observedAt = at;
    return { at, isUnshared: this.#others.size > 0 };
  }

  #takeOver(storage: SdkStorage, shows: Shows): void {
    const { sets } = this;
    const stored = storage._deltaMetricStorage?._cumulativeMemoStorage?.entries() ?? [];
    for (const [attributes, last, hash] of stored) {
      // What is known was observed later.
      if (sets.find(hash) !== undefined) continue;
      this.#record(hash, { attributes, value: last.toPointValue() as number }, last.startTime);
    }
    const isFirst = this.#own.size === 0;
    this.#own.set(storage, shows);
    storage.record = (measurements, observedAt) => {
      // The SDK records the same for each of our readers.
      if (!isFirst) return;
      for (const [attributes, value, hash] of measurements.entries())
        this.#record(hash, { attributes, value }, observedAt);
    };
    const collected = shows === "all" ? allOf : unreadOf;
    storage.collect = (_, collectedAt) => collected(storage._instrumentDescriptor, sets, collectedAt);
    storage.forgetObserved = (isGone) => sets.forget(isGone);
    storage.shareObserved = () => this.#share();
    storage._deltaMetricStorage = undefined;
    storage._temporalMetricStorage = undefined;
  }

  #record(hash: string, { attributes, value }: Observed, at: HrTime): void {
    const known = this.sets.find(hash);
    if (known !== undefined) {
      this.sets.put(known, value, false);
      return;
    }
    this.sets.take(hash, { attributes: asHashed(attributes, hash), value }, at);
  }

  #share(): void {
    const unshared = this.sets.share();
    if (unshared.length > 0) this.tell(new Map(unshared.map((set) => [set.hash, set])), this.#observedAt);
  }
}

/** Whether a storage is as expected, and its instrument is observed. */
export function isObservedStorage(storage: Partial<SdkStorage> | undefined): storage is SdkStorage {
  const descriptor = storage?._instrumentDescriptor;
  return (
    OBSERVABLE.has(descriptor?.type) &&
    typeof descriptor?.name === "string" &&
    typeof storage?.record === "function" &&
    typeof storage.collect === "function" &&
    "_temporalMetricStorage" in storage &&
    (storage.forgetObserved !== undefined || isKnownMap(storage._deltaMetricStorage?._cumulativeMemoStorage))
  );
}

/** Whether the SDK identifies attribute sets as we do. */
function isKnownMap(map: Partial<HashMap<LastObserved>> | undefined): boolean {
  return typeof map?.entries === "function" && map._hash?.(SOME_SET) === hashOf(SOME_SET);
}

function limitOf({ _aggregationCardinalityLimit: limit }: SdkStorage): number {
  return limit ?? DEFAULT_LIMIT;
}
