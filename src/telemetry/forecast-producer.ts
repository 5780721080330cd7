import { type HrTime, ValueType } from "@opentelemetry/api";
import { millisToHrTime } from "@opentelemetry/core";
import { emptyResource } from "@opentelemetry/resources";
import {
  AggregationTemporality,
  type CollectionResult,
  type DataPoint,
  DataPointType,
  type GaugeMetricData,
  type Histogram,
  type HistogramMetricData,
  type MetricData,
  type MetricProducer,
  type SumMetricData,
} from "@opentelemetry/sdk-metrics";
import type { Labels } from "../core/series-key.ts";
import { FORECAST_SCOPE } from "./scopes.ts";

/** A metric that is given out: its OpenTelemetry name, unit and what it is. */
export interface PublishedMetric {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  /** Instrumentation scope; absent: ours. */
  readonly scope?: string;
  readonly type: "gauge" | "counter" | "up-down-counter" | "histogram";
}

interface Family {
  readonly metric: PublishedMetric;
  readonly points: Map<string, DataPoint<number | Histogram>>;
}

/**
 * Gives out what the pipeline made: measured and predicted series, as an OpenTelemetry metric producer. It holds one
 * point a series, put there when it was computed and taken away when its source has gone; a scrape only reads.
 */
export class ForecastProducer implements MetricProducer {
  readonly #families = new Map<string, Family>();
  /** The same by the object that describes the metric: a key is put together once for it, not for every point. */
  readonly #byMetric = new WeakMap<PublishedMetric, Family>();
  readonly #now: () => number;
  readonly #startTime: HrTime;
  /** The time that all points bear: the one object is set anew whenever they are handed out. */
  readonly #handedOutAt: HrTime;

  /** `now` gives epoch milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
    this.#startTime = millisToHrTime(now());
    this.#handedOutAt = [...this.#startTime];
  }

  put(metric: PublishedMetric, id: string, labels: Labels, value: number | Histogram): void {
    const family = this.#familyOf(metric);
    const attributes = family.points.get(id)?.attributes ?? labels;
    family.points.set(id, { attributes, startTime: this.#startTime, endTime: this.#handedOutAt, value });
  }

  remove(metric: PublishedMetric, id: string): void {
    this.#familyOf(metric).points.delete(id);
  }

  /**
   * What is known now, with the time of now, as the SDK stamps it: a series that is idle is still there, and two values of
   * one series never bear the same time.
   */
  async collect(): Promise<CollectionResult> {
    const [seconds, nanoseconds] = millisToHrTime(this.#now());
    this.#handedOutAt[0] = seconds;
    this.#handedOutAt[1] = nanoseconds;
    const filled = [...this.#families.values()].filter(({ points }) => points.size > 0);
    const byScope = Map.groupBy(filled, ({ metric }) => metric.scope ?? FORECAST_SCOPE);
    const scopeMetrics = Array.from(byScope, ([name, families]) => ({
      scope: { name },
      metrics: families.map(metricData),
    }));
    return { resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] };
  }

  /** The family of a metric: of all that are described alike, whichever object describes them. */
  #familyOf(metric: PublishedMetric): Family {
    let family = this.#byMetric.get(metric);
    if (family !== undefined) return family;
    const key = familyKey(metric);
    family = this.#families.get(key) ?? { metric, points: new Map() };
    this.#families.set(key, family);
    this.#byMetric.set(metric, family);
    return family;
  }
}

function familyKey({ name, unit, type, scope = FORECAST_SCOPE }: PublishedMetric): string {
  return `${scope}\u0000${name}\u0000${unit}\u0000${type}`;
}

function metricData({ metric, points }: Family): MetricData {
  const base = {
    descriptor: {
      name: metric.name,
      unit: metric.unit,
      description: metric.description,
      valueType: ValueType.DOUBLE,
    },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  const dataPoints = [...points.values()];
  switch (metric.type) {
    case "gauge":
      return { ...base, dataPointType: DataPointType.GAUGE, dataPoints } as GaugeMetricData;
    case "histogram":
      return { ...base, dataPointType: DataPointType.HISTOGRAM, dataPoints } as HistogramMetricData;
    default:
      return {
        ...base,
        dataPointType: DataPointType.SUM,
        isMonotonic: metric.type === "counter",
        dataPoints,
      } as SumMetricData;
  }
}
