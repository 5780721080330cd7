import type { Attributes, HrTime, ValueType } from "@opentelemetry/api";
import {
  AggregationTemporality,
  DataPointType,
  InstrumentType,
  type MetricData,
} from "@opentelemetry/sdk-metrics";
import type { ObservedInstrument } from "./observations.ts";
import { asHashed, hashOf, type ObservedSet } from "./observed-set.ts";
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

type Descriptor = MetricData["descriptor"] & { readonly type: InstrumentType };

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
 * Keeps the values of an observable instrument in place of the SDK, for our endpoint: its storage is
 * the SDK's own, but takes and shows what is in `sets`. Whatever callback the SDK itself calls, for
 * other readers, arrives here too.
 */
export class ObservedStorage implements ObservedInstrument {
  readonly sets: ObservedSets;
  readonly name: string;
  readonly valueType: ValueType;
  /** The storages of other readers. */
  readonly #others = new Set<SdkStorage>();
  #observedAt: HrTime = [0, 0];

  /** @param storage belongs to our reader, and no other. */
  constructor(storage: SdkStorage) {
    const { _instrumentDescriptor: descriptor, _aggregationCardinalityLimit: limit } = storage;
    this.name = descriptor.name;
    this.valueType = descriptor.valueType;
    this.sets = new ObservedSets({
      limit: limit ?? DEFAULT_LIMIT,
      isMonotonic: descriptor.type === InstrumentType.OBSERVABLE_COUNTER,
    });
    this.#takeOver(storage);
  }

  /**
   * The SDK gives what is observed for one reader to all. So does this, but not before another
   * reader collects, and only what that has not observed itself by then.
   */
  shareWith(others: readonly SdkStorage[]): void {
    for (const other of others) {
      if (this.#others.has(other)) continue;
      this.#others.add(other);
      const { collect } = other;
      other.collect = (...given) => {
        this.#share();
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

  #takeOver(storage: SdkStorage): void {
    const { sets } = this;
    for (const [attributes, last, hash] of storage._deltaMetricStorage?._cumulativeMemoStorage?.entries() ??
      [])
      this.#record(hash, { attributes, value: last.toPointValue() as number }, last.startTime);
    storage.record = (measurements, observedAt) => {
      for (const [attributes, value, hash] of measurements.entries())
        this.#record(hash, { attributes, value }, observedAt);
    };
    storage.collect = (_, collectedAt) =>
      sets.size === 0 ? undefined : metricData(storage._instrumentDescriptor, sets, collectedAt);
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

function metricData(descriptor: Descriptor, sets: ObservedSets, at: HrTime): MetricData {
  const base = {
    descriptor,
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPoints: sets.pointsAt(at) as ObservedSet[],
  };
  if (descriptor.type === InstrumentType.OBSERVABLE_GAUGE)
    return { ...base, dataPointType: DataPointType.GAUGE };
  const isMonotonic = descriptor.type === InstrumentType.OBSERVABLE_COUNTER;
  return { ...base, dataPointType: DataPointType.SUM, isMonotonic };
}
