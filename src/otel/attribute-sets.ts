import type { Attributes } from "@opentelemetry/api";
import {
  type CollectionResult,
  type DataPoint,
  InstrumentType,
  type MetricData,
} from "@opentelemetry/sdk-metrics";
import { attributesKey } from "../core/attributes-key.ts";
import type { Labels } from "../core/series-key.ts";

/** Whether a source has gone, by its labels and the time at which it was last heard of. */
type IsGone = (labels: Labels, lastHeardAt: number) => boolean;

interface AttributeSet {
  readonly attributes: Attributes;
  heardAt: number;
  isGone: boolean;
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
  /** The instruments of which sets were hidden at the last expiry. */
  readonly #hiding = new Set<string>();
  readonly #maxSets: number;

  /** @param maxSets the cardinality limit of each instrument. */
  constructor(maxSets: number) {
    this.#maxSets = maxSets;
  }

  /**
   * Notes what a collection contains.
   *
   * @param now milliseconds of a clock that nobody sets.
   * @returns the same without up-down counters that rest at 0: nothing was recorded.
   */
  take(result: CollectionResult, now: number): CollectionResult {
    const { resourceMetrics } = result;
    const scopeMetrics = resourceMetrics.scopeMetrics.map(({ scope, metrics }) => ({
      scope,
      metrics: metrics.map((metric) => this.#heard(scope.name, metric, now)),
    }));
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
   * Of an instrument with many sets they are forgotten instead, to make room for new ones.
   *
   * @param forget called for each set that is forgotten.
   */
  expire(isGone: IsGone, forget: (scope: string, instrument: string, attributes: Attributes) => void): void {
    this.#hiding.clear();
    for (const [id, sets] of this.#instruments) {
      const isFull = sets.size > this.#maxSets / 2;
      const [scope, instrument] = id.split("\u0000") as [string, string];
      for (const [key, set] of sets) {
        set.isGone = isGone(set.attributes as Labels, set.heardAt);
        if (set.isGone && !isFull) this.#hiding.add(id);
        if (!set.isGone || !isFull) continue;
        sets.delete(key);
        forget(scope, instrument, set.attributes);
      }
      if (sets.size === 0) this.#instruments.delete(id);
    }
  }

  #heard(scope: string, metric: MetricData, now: number): MetricData {
    const id = instrumentId(scope, metric.descriptor.name);
    let sets = this.#instruments.get(id);
    if (sets === undefined) {
      sets = new Map();
      this.#instruments.set(id, sets);
    }
    const isLevel = isUpDownCounter(metric);
    const heard: DataPoint<unknown>[] = [];
    for (const point of metric.dataPoints) if (this.#hear(sets, point, isLevel, now)) heard.push(point);
    return heard.length === metric.dataPoints.length
      ? metric
      : ({ ...metric, dataPoints: heard } as MetricData);
  }

  /** Returns whether something was recorded or observed. */
  #hear(sets: Map<string, AttributeSet>, point: DataPoint<unknown>, isLevel: boolean, now: number): boolean {
    const { attributes } = point;
    const level = isLevel ? (point.value as number) : undefined;
    const key = attributesKey(attributes);
    const known = sets.get(key);
    if (known === undefined) {
      // What exceeds the limit is the SDK's to show.
      if (sets.size < this.#maxSets)
        sets.set(key, { attributes: { ...attributes }, heardAt: now, isGone: false, level });
      return true;
    }
    if (isLevel && level === 0 && known.level === 0) return false;
    known.level = level;
    known.heardAt = now;
    known.isGone = false;
    return true;
  }
}

function isUpDownCounter({ descriptor }: MetricData): boolean {
  // The SDK's types leave the type of the instrument out of the descriptor.
  return (descriptor as { readonly type?: unknown }).type === InstrumentType.UP_DOWN_COUNTER;
}

function instrumentId(scope: string, instrument: string): string {
  return `${scope}\u0000${instrument}`;
}
