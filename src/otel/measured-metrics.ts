import type { Attributes, AttributeValue } from "@opentelemetry/api";
import {
  type CollectionResult,
  type DataPoint,
  DataPointType,
  type ExponentialHistogram,
  type Histogram,
  InstrumentType,
  type MetricData,
} from "@opentelemetry/sdk-metrics";
import type { MeasuredMetric, MeasuredPoint } from "../core/measured-metric.ts";
import type { HistogramPoint } from "../core/metric-point.ts";
import { emptyLabels, type Labels, seriesId } from "../core/series-key.ts";
import { MAX_LABEL_LENGTH, shortText } from "../core/short-name.ts";
import { textOf } from "../core/text-of.ts";
import { ObservedTotals } from "./observed-totals.ts";

/** Receives the name of the metric for each attribute key or value that was cut. */
type OnCut = (metric: string) => void;

/** The attribute with which the SDK marks what exceeds the cardinality limit of an instrument. */
const OVERFLOW = "otel.metric.overflow";

/**
 * What a `CollectionReader` has collected, as plain data. Values that are not finite are left out.
 *
 * @param totals the totals that callbacks observed at the reader's earlier collections.
 */
export function measuredMetrics(
  result: CollectionResult,
  totals = new ObservedTotals(),
  onCut: OnCut = () => {},
): MeasuredMetric[] {
  totals.begin();
  return result.resourceMetrics.scopeMetrics.flatMap(({ scope, metrics }) =>
    metrics.map((metric) => measuredMetric(scope.name, metric, totals, () => onCut(metric.descriptor.name))),
  );
}

function measuredMetric(
  scope: string,
  metric: MetricData,
  totals: ObservedTotals,
  onCut: () => void,
): MeasuredMetric {
  const { name, unit, description } = metric.descriptor;
  const base = { scope, name, unit, description };
  if (isObservedTotal(metric))
    return { ...base, kind: "increment", points: increments(scope, metric, totals, onCut) };
  switch (metric.dataPointType) {
    case DataPointType.GAUGE:
      return { ...base, kind: "level", points: finite(metric.dataPoints, onCut) };
    case DataPointType.SUM:
      if (isOfType(metric, InstrumentType.OBSERVABLE_UP_DOWN_COUNTER))
        return { ...base, kind: "level", points: levels(scope, metric, totals, onCut) };
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

/** Whether the instrument of a metric is an observable counter. */
function isObservedTotal(metric: MetricData): boolean {
  return isOfType(metric, InstrumentType.OBSERVABLE_COUNTER);
}

function isOfType({ descriptor }: MetricData, wanted: InstrumentType): boolean {
  // The SDK's types leave the type of the instrument out of the descriptor.
  return (descriptor as { readonly type?: unknown }).type === wanted;
}

/** The levels of an observable up-down counter of which a view of the application makes a sum. */
function levels(
  scope: string,
  metric: MetricData,
  totals: ObservedTotals,
  onCut: () => void,
): MeasuredPoint<number>[] {
  return finite(metric.dataPoints as DataPoint<number>[], onCut).map(({ labels, value }) => {
    const id = idOfTotal(scope, metric, labels);
    const level = totals.totalAfter(id, value);
    totals.increment(id, level);
    return { labels, value: level };
  });
}

/**
 * The increments of observed totals. The total itself is a level (see `CollectionReader`), unless a
 * view of the application makes a sum of it.
 */
function increments(
  scope: string,
  metric: MetricData,
  totals: ObservedTotals,
  onCut: () => void,
): MeasuredPoint<number>[] {
  // Totals beyond the limit take turns in one attribute set.
  const points = (metric.dataPoints as DataPoint<number>[]).filter((it) => it.attributes[OVERFLOW] !== true);
  return finite(points, onCut)
    .filter(({ value }) => value >= 0)
    .map(({ labels, value }) => {
      const id = idOfTotal(scope, metric, labels);
      const total = metric.dataPointType === DataPointType.SUM ? totals.totalAfter(id, value) : value;
      return { labels, ...totals.increment(id, total) };
    });
}

function idOfTotal(scope: string, { descriptor: { name, unit } }: MetricData, labels: Labels): string {
  return seriesId({ metric: `${scope}\u0000${name}\u0000${unit}`, labels });
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
  const labels = emptyLabels();
  for (const key of Object.keys(attributes)) {
    const value = labelValue(attributes[key]);
    const name = key.length > MAX_LABEL_LENGTH ? cut(key, onCut) : key;
    // A Collector drops a series that has a label without a name.
    labels[name === "" ? "_" : name] = value.length > MAX_LABEL_LENGTH ? cut(value, onCut) : value;
  }
  return labels;
}

function cut(text: string, onCut: () => void): string {
  onCut();
  return shortText(text);
}

function labelValue(value: AttributeValue | undefined): string {
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return textOf(value);
  }
}
