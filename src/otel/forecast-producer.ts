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
import { groupBy } from "../core/group-by.ts";
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

/** The points of one metric. */
interface Family {
  readonly metric: PublishedMetric;
  readonly shown: Set<PublishedSeries>;
}

/** The times that points bear. Of the end there is one object, which is set anew whenever points are handed out. */
interface Period {
  readonly start: HrTime;
  readonly end: HrTime;
}

/**
 * The place of one series in what is given out. It is asked for once and then filled whenever there is a new value, so
 * that to publish is to write one point and to look nothing up.
 */
export class PublishedSeries {
  readonly #shown: Set<PublishedSeries>;
  readonly #attributes: Labels;
  readonly #period: Period;
  #point: DataPoint<number | Histogram> | undefined;

  /** @param shown where it is while it has a value */
  constructor(shown: Set<PublishedSeries>, attributes: Labels, period: Period) {
    this.#shown = shown;
    this.#attributes = attributes;
    this.#period = period;
  }

  get point(): DataPoint<number | Histogram> | undefined {
    return this.#point;
  }

  /** Shows a value from now on. */
  put(value: number | Histogram): void {
    if (this.#point === undefined) this.#shown.add(this);
    const { start, end } = this.#period;
    this.#point = { attributes: this.#attributes, startTime: start, endTime: end, value };
  }

  /** Shows nothing until the next `put`. */
  remove(): void {
    this.#point = undefined;
    this.#shown.delete(this);
  }
}

/**
 * Gives out what the pipeline made: measured and predicted series, as an OpenTelemetry metric producer. It holds one
 * point a series, put there when it was computed and taken away when its source has gone; a scrape only reads.
 */
export class ForecastProducer implements MetricProducer {
  readonly #families = new Map<string, Family>();
  readonly #now: () => number;
  readonly #period: Period;

  /** `now` gives epoch milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
    const start = millisToHrTime(now());
    this.#period = { start, end: [...start] };
  }

  /** A new series of a metric, which is shown while it has a value. Metrics that are described alike are one. */
  series(metric: PublishedMetric, labels: Labels): PublishedSeries {
    const key = familyKey(metric);
    let family = this.#families.get(key);
    if (family === undefined) {
      family = { metric, shown: new Set() };
      this.#families.set(key, family);
    }
    return new PublishedSeries(family.shown, labels, this.#period);
  }

  /**
   * What is known now, with the time of now, as the SDK stamps it: a series that is idle is still there, and two values of
   * one series never bear the same time.
   */
  async collect(): Promise<CollectionResult> {
    const { end } = this.#period;
    [end[0], end[1]] = millisToHrTime(this.#now());
    const filled = [...this.#families.values()].filter(({ shown }) => shown.size > 0);
    const byScope = groupBy(filled, ({ metric }) => metric.scope ?? FORECAST_SCOPE);
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

function metricData({ metric, shown }: Family): MetricData {
  const base = {
    descriptor: {
      name: metric.name,
      unit: metric.unit,
      description: metric.description,
      valueType: ValueType.DOUBLE,
    },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  const dataPoints = Array.from(shown, ({ point }) => point).filter((point) => point !== undefined);
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
