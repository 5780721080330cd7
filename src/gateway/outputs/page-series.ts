import type { Attributes } from "@opentelemetry/api";
import { DataPointType, type Histogram, type ResourceMetrics } from "@opentelemetry/sdk-metrics";
import { fromExplicit } from "../../prometheus/classic-buckets.ts";
import { labelName, labelPairs } from "../../prometheus/label-texts.ts";
import {
  type DroppedPoints,
  type FamilyPart,
  groupIntoFamilies,
  isOwnScope,
} from "../../prometheus/metric-families.ts";
import { keyOf, type Label } from "../../wire/remote/time-series.ts";

/** A series of the page `/metrics`, with its value now. */
export interface PageSeries {
  /** Its name and its labels, as they are written in a message. */
  readonly key: string;
  readonly value: number;
}

const BOUND = "le";

/** Makes the series of what is published, with the names and the labels that they have on `/metrics`. */
export class PageSeriesMaker {
  readonly #onDropped: (dropped: DroppedPoints) => void;
  /** By name of the metric and attributes, which are the same objects at each collection. */
  #keys = new Map<string, WeakMap<Attributes, string>>();
  #last = this.#keys;

  /** @param onDropped receives the points that cannot be shown, at every call. */
  constructor(onDropped: (dropped: DroppedPoints) => void) {
    this.#onDropped = onDropped;
  }

  /** All series, one after the other. Two of them may have the same key. */
  *of(published: ResourceMetrics): Generator<PageSeries, undefined> {
    this.#last = this.#keys;
    this.#keys = new Map();
    for (const { name, parts } of groupIntoFamilies([published], this.#onDropped))
      for (const part of parts) yield* this.#ofPart(name, part);
  }

  *#ofPart(name: string, { metric, scope }: FamilyPart): Generator<PageSeries, undefined> {
    switch (metric.dataPointType) {
      case DataPointType.HISTOGRAM:
        for (const { attributes, value } of metric.dataPoints) yield* ofHistogram(name, attributes, value);
        return;
      case DataPointType.EXPONENTIAL_HISTOGRAM:
        // Our producers publish none.
        this.#onDropped({ metric: name, reason: "invalid-value", points: metric.dataPoints.length });
        return;
      default: {
        const keys = this.#keysOf(name);
        const isOwn = isOwnScope(scope);
        for (const { attributes, value } of metric.dataPoints) {
          if (!isOwn || Number.isFinite(value)) yield { key: keyIn(keys, name, attributes), value };
          else this.#onDropped({ metric: name, reason: "invalid-value", points: 1 });
        }
      }
    }
  }

  #keysOf(name: string): WeakMap<Attributes, string> {
    const keys = this.#keys.get(name) ?? this.#last.get(name) ?? new WeakMap<Attributes, string>();
    this.#keys.set(name, keys);
    return keys;
  }
}

function keyIn(keys: WeakMap<Attributes, string>, name: string, attributes: Attributes): string {
  let key = keys.get(attributes);
  if (key === undefined) {
    key = keyWith(name, labelPairs(attributes));
    keys.set(attributes, key);
  }
  return key;
}

/** The samples of a histogram: buckets, sum, count. */
function* ofHistogram(
  name: string,
  attributes: Attributes,
  histogram: Histogram,
): Generator<PageSeries, undefined> {
  const { bounds, cumulative, total } = fromExplicit(histogram);
  const labels = labelPairs(attributes, (key) => {
    const label = labelName(key);
    return label === BOUND ? `exported_${BOUND}` : label;
  });
  const bucket = (bound: string): string => keyWith(`${name}_bucket`, [...labels, [BOUND, bound]]);
  for (const [index, bound] of bounds.entries())
    yield { key: bucket(String(bound)), value: cumulative[index] as number };
  yield { key: bucket("+Inf"), value: total };
  if (histogram.sum !== undefined) yield { key: keyWith(`${name}_sum`, labels), value: histogram.sum };
  yield { key: keyWith(`${name}_count`, labels), value: total };
}

function keyWith(name: string, labels: readonly Label[]): string {
  const all: Label[] = [["__name__", name], ...labels];
  return keyOf(all.sort(([one], [other]) => (one < other ? -1 : 1)));
}
