import type { Attributes, AttributeValue } from "@opentelemetry/api";
import {
  type CollectionResult,
  type DataPoint,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  type MetricData,
} from "@opentelemetry/sdk-metrics";
import type { MeasuredMetric, MeasuredPoint } from "../core/measured-metric.ts";
import type { HistogramPoint } from "../core/metric-point.ts";
import type { Labels } from "../core/series-key.ts";
import { MAX_LABEL_LENGTH, shortText } from "../core/short-name.ts";
import { textOf } from "../core/text-of.ts";

/** Is told of each attribute whose key or value was cut. */
type OnCut = (metric: string) => void;

/** What a collection of the SDK holds, as plain data. */
export function measuredMetrics(result: CollectionResult, onCut: OnCut = () => {}): MeasuredMetric[] {
  return result.resourceMetrics.scopeMetrics.flatMap(({ scope, metrics }) =>
    metrics.map((metric) => measuredMetric(scope.name, metric, () => onCut(metric.descriptor.name))),
  );
}

function measuredMetric(scope: string, metric: MetricData, onCut: () => void): MeasuredMetric {
  const { name, unit, description } = metric.descriptor;
  const base = { scope, name, unit, description };
  switch (metric.dataPointType) {
    case DataPointType.GAUGE:
      return { ...base, kind: "level", points: finite(metric.dataPoints, onCut) };
    case DataPointType.SUM:
      return {
        ...base,
        kind: metric.isMonotonic ? "increment" : "level",
        points: finite(metric.dataPoints, onCut),
      };
    case DataPointType.HISTOGRAM:
      return {
        ...base,
        kind: "histogram",
        points: metric.dataPoints.map((it) => histogramPoint(it, explicitPoint, onCut)),
      };
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      return {
        ...base,
        kind: "histogram",
        points: metric.dataPoints.map((it) => histogramPoint(it, exponentialPoint, onCut)),
      };
  }
}

function finite(points: readonly DataPoint<number>[], onCut: () => void): MeasuredPoint<number>[] {
  return points
    .filter((point) => Number.isFinite(point.value))
    .map((point) => ({ labels: labelsOf(point.attributes, onCut), value: point.value }));
}

function histogramPoint<Value>(
  point: DataPoint<Value>,
  convert: (value: Value) => HistogramPoint,
  onCut: () => void,
): MeasuredPoint<HistogramPoint> {
  return { labels: labelsOf(point.attributes, onCut), value: convert(point.value) };
}

function explicitPoint({ buckets, count, sum, min, max }: Histogram): HistogramPoint {
  return { kind: "explicit", count, sum: sum ?? 0, ...limits(min, max), ...buckets };
}

function exponentialPoint(value: ExponentialHistogram): HistogramPoint {
  const { count, sum, min, max, scale, zeroCount, positive, negative } = value;
  return {
    kind: "exponential",
    count,
    sum: sum ?? 0,
    ...limits(min, max),
    scale,
    zeroCount,
    positive,
    negative,
  };
}

function limits(min?: number, max?: number): { min?: number; max?: number } {
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

function labelsOf(attributes: Attributes, onCut: () => void): Labels {
  const labels: Record<string, string> = Object.create(null);
  const short = (text: string): string => {
    if (text.length > MAX_LABEL_LENGTH) onCut();
    return shortText(text);
  };
  // A label without a name is one that a Collector throws the whole series away for.
  for (const key of Object.keys(attributes))
    labels[key === "" ? "_" : short(key)] = short(labelValue(attributes[key]));
  return labels;
}

function labelValue(value: AttributeValue | undefined): string {
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return textOf(value);
  }
}
