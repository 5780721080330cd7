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
  readonly #startTime: HrTime;
  #endTime: HrTime;

  constructor(startMillis: number) {
    this.#startTime = millisToHrTime(startMillis);
    this.#endTime = this.#startTime;
  }

  /** The time that points which are put from now on bear. */
  setTime(millis: number): void {
    this.#endTime = millisToHrTime(millis);
  }

  put(metric: PublishedMetric, id: string, labels: Labels, value: number | Histogram): void {
    const key = familyKey(metric);
    let family = this.#families.get(key);
    if (family === undefined) {
      family = { metric, points: new Map() };
      this.#families.set(key, family);
    }
    const attributes = family.points.get(id)?.attributes ?? labels;
    family.points.set(id, { attributes, startTime: this.#startTime, endTime: this.#endTime, value });
  }

  remove(metric: PublishedMetric, id: string): void {
    const key = familyKey(metric);
    const family = this.#families.get(key);
    family?.points.delete(id);
    if (family?.points.size === 0) this.#families.delete(key);
  }

  async collect(): Promise<CollectionResult> {
    const byScope = Map.groupBy(this.#families.values(), ({ metric }) => metric.scope ?? FORECAST_SCOPE);
    const scopeMetrics = Array.from(byScope, ([name, families]) => ({
      scope: { name },
      metrics: families.map(metricData),
    }));
    return { resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] };
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
