import type { Attributes } from "@opentelemetry/api";
import {
  type CollectionResult,
  type DataPoint,
  InstrumentType,
  type MetricData,
  type ScopeMetrics,
} from "@opentelemetry/sdk-metrics";
import { attributesKey } from "../core/attributes-key.ts";
import { RememberedPlaces } from "../core/remembered-places.ts";
import type { Labels } from "../core/series-key.ts";
import { Pace, type Steps } from "../core/yielding-runner.ts";
import { ObservedSet } from "../prometheus/observed/observed-set.ts";

/** Whether a source has gone, by its labels and the time at which it was last heard of. */
type IsGone = (labels: Labels, lastHeardAt: number) => boolean;

/** When a collection was, in milliseconds of a clock that nobody sets. */
interface Collection {
  readonly at: number;
}

const NEVER: Collection = { at: 0 };

interface AttributeSet {
  /** The number of attributes. */
  readonly size: number;
  readonly attributes: Attributes;
  /** The collection in which it was heard of last: one object for thousands of sets. */
  heard: Collection;
  isGone: boolean;
  isForgotten: boolean;
  /** The last level of an up-down counter, which is reported at each collection. */
  level: number | undefined;
}

/**
 * The attribute sets of the application's instruments: which of them were recorded or observed, and
 * which have gone. The SDK itself reports a set until the process ends.
 *
 * An up-down counter that is not 0 is a level that still holds: it has not gone.
 */
export class AttributeSets {
  readonly #instruments = new Map<string, Map<string, AttributeSet>>();
  /** By instrument: the sets of the last collection. */
  readonly #places = new Map<string, RememberedPlaces<AttributeSet, AttributeSet>>();
  /** The instruments of which sets were hidden at the last expiry. */
  readonly #hiding = new Set<string>();
  readonly #maxSets: number;

  /** @param maxSets the cardinality limit of each instrument. */
  constructor(maxSets: number) {
    this.#maxSets = maxSets;
  }

  /**
   * Notes what a collection contains. Pauses between two metrics.
   *
   * @param now milliseconds of a clock that nobody sets.
   * @returns the same without up-down counters that rest at 0: nothing was recorded.
   */
  *take(result: CollectionResult, now: number): Steps<CollectionResult> {
    const { resourceMetrics } = result;
    const collection: Collection = { at: now };
    const scopeMetrics: ScopeMetrics[] = [];
    for (const { scope, metrics } of resourceMetrics.scopeMetrics) {
      const heard: MetricData[] = [];
      for (const metric of metrics) {
        heard.push(this.#heard(scope.name, metric, collection));
        yield;
      }
      scopeMetrics.push({ scope, metrics: heard });
    }
    return { ...result, resourceMetrics: { ...resourceMetrics, scopeMetrics } };
  }

  /** Tells which sets of an instrument are shown: those that have not gone. `undefined`: all are. */
  shownOf(scope: string, instrument: string): ((attributes: Attributes) => boolean) | undefined {
    const id = instrumentId(scope, instrument);
    const sets = this.#instruments.get(id);
    if (sets === undefined || !this.#hiding.has(id)) return undefined;
    return (attributes) => sets.get(attributesKey(attributes))?.isGone !== true;
  }

  /**
   * Decides which sets have gone. They are hidden, and go on from their totals if they come back.
   * Of an instrument with many sets they are forgotten instead, to make room for new ones. May pause at each
   * `yield`.
   *
   * @param forget receives the sets of an instrument that are forgotten.
   */
  *expire(
    isGone: IsGone,
    forget: (scope: string, instrument: string, gone: readonly Attributes[]) => void,
  ): Steps<void> {
    const pace = new Pace();
    for (const [id, sets] of this.#instruments) {
      const isFull = sets.size > this.#maxSets / 2;
      const gone: [key: string, set: AttributeSet][] = [];
      for (const [key, set] of sets) {
        if (pace.isDue()) yield;
        set.isGone = isGone(set.attributes as Labels, set.heard.at);
        if (set.isGone) gone.push([key, set]);
      }
      if (gone.length > 0 && !isFull) this.#hiding.add(id);
      else this.#hiding.delete(id);
      if (gone.length === 0 || !isFull) continue;
      for (const [key, set] of gone) {
        sets.delete(key);
        set.isForgotten = true;
      }
      const [scope, instrument] = id.split("\u0000") as [string, string];
      forget(
        scope,
        instrument,
        gone.map(([, { attributes }]) => attributes),
      );
      if (sets.size > 0) continue;
      this.#instruments.delete(id);
      this.#places.delete(id);
    }
  }

  #heard(scope: string, metric: MetricData, collection: Collection): MetricData {
    const id = instrumentId(scope, metric.descriptor.name);
    let sets = this.#instruments.get(id);
    if (sets === undefined) {
      sets = new Map();
      this.#instruments.set(id, sets);
    }
    const places = this.#places.get(id) ?? new RememberedPlaces();
    this.#places.set(id, places);
    places.begin();
    const isLevel = isUpDownCounter(metric);
    const heard: DataPoint<unknown>[] = [];
    for (const point of metric.dataPoints) {
      const remembered = places.findBy(hasAttributes, point.attributes);
      const known =
        remembered?.isForgotten === false ? remembered : sets.get(attributesKey(point.attributes));
      const set = known ?? this.#added(sets, point);
      if (set !== undefined) places.keep(set, set);
      // What exceeds the limit is the SDK's to show.
      if (set === undefined || hear(set, isLevel ? (point.value as number) : undefined, collection))
        heard.push(point);
    }
    return heard.length === metric.dataPoints.length
      ? metric
      : ({ ...metric, dataPoints: heard } as MetricData);
  }

  #added(sets: Map<string, AttributeSet>, point: DataPoint<unknown>): AttributeSet | undefined {
    if (sets.size >= this.#maxSets) return undefined;
    // What we observed has a copy of the attributes already, and a key like ours.
    const isOurs = point instanceof ObservedSet && point.hash !== "";
    const attributes = isOurs ? point.attributes : { ...point.attributes };
    const size = Object.keys(attributes).length;
    const set = { size, attributes, heard: NEVER, isGone: false, isForgotten: false, level: undefined };
    sets.set(isOurs ? point.hash : attributesKey(attributes), set);
    return set;
  }
}

/**
 * Takes note that a set was reported, with the level if it is one of an up-down counter. Returns
 * whether something was recorded or observed.
 */
function hear(set: AttributeSet, level: number | undefined, collection: Collection): boolean {
  if (level === 0 && set.level === 0) return false;
  set.level = level;
  set.heard = collection;
  set.isGone = false;
  return true;
}

/** Whether these are the attributes of the set. Lists are never recognized. */
function hasAttributes(set: AttributeSet, attributes: Attributes): boolean {
  const keys = Object.keys(attributes);
  if (keys.length !== set.size) return false;
  for (const key of keys) if (set.attributes[key] !== attributes[key]) return false;
  return true;
}

function isUpDownCounter({ descriptor }: MetricData): boolean {
  // The SDK's types leave the type of the instrument out of the descriptor.
  return (descriptor as { readonly type?: unknown }).type === InstrumentType.UP_DOWN_COUNTER;
}

function instrumentId(scope: string, instrument: string): string {
  return `${scope}\u0000${instrument}`;
}
