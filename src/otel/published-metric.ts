import { ValueType } from "@opentelemetry/api";
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type GaugeMetricData,
  type Histogram,
  type HistogramMetricData,
  type MetricData,
  type SumMetricData,
} from "@opentelemetry/sdk-metrics";

/** A metric that is published. */
export interface PublishedMetric {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  /** The instrumentation scope. By default ours. */
  readonly scope?: string;
  readonly type: "gauge" | "counter" | "up-down-counter" | "histogram";
}

/** A metric with its points, as OpenTelemetry has it. */
export function metricData(
  metric: PublishedMetric,
  dataPoints: readonly DataPoint<number | Histogram>[],
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
