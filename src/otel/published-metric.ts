import { ValueType } from "@opentelemetry/api";
import {
  AggregationTemporality,
  DataPointType,
  type GaugeMetricData,
  type Histogram,
  type HistogramMetricData,
  type MetricData,
  type SumMetricData,
} from "@opentelemetry/sdk-metrics";
import type { ReadablePoints } from "./late-points.ts";

/** A metric that is published. */
export interface PublishedMetric {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  /** The instrumentation scope. By default ours. */
  readonly scope?: string;
  readonly type: "gauge" | "counter" | "up-down-counter" | "histogram";
}

/** A metric with its points, as OpenTelemetry has it, if the points are an array. */
export function metricData(
  metric: PublishedMetric,
  dataPoints: ReadablePoints<number | Histogram>,
): MetricData {
  const base = {
    descriptor: {
      name: metric.name,
      unit: metric.unit,
      description: metric.description,
      valueType: ValueType.DOUBLE,
    },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  switch (metric.type) {
    case "gauge":
      return { ...base, dataPointType: DataPointType.GAUGE, dataPoints } as unknown as GaugeMetricData;
    case "histogram":
      return {
        ...base,
        dataPointType: DataPointType.HISTOGRAM,
        dataPoints,
      } as unknown as HistogramMetricData;
    default:
      return {
        ...base,
        dataPointType: DataPointType.SUM,
        isMonotonic: metric.type === "counter",
        dataPoints,
      } as unknown as SumMetricData;
  }
}
