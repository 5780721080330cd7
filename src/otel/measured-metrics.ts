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
import { type Labels, seriesId } from "../core/series-key.ts";
import type { Steps } from "../core/yielding-runner.ts";
import { KnownLabels, type LabelsOf } from "./known-labels.ts";
import { ObservedTotals } from "./observed-totals.ts";

/** Receives the name of the metric for each attribute key or value that was cut. */
type OnCut = (metric: string) => void;

/** The attribute with which the SDK marks what exceeds the cardinality limit of an instrument. */
const OVERFLOW = "otel.metric.overflow";

/**
 * What a `CollectionReader` has collected, as plain data. Values that are not finite are left out.
 * Pauses between two metrics.
 *
 * @param totals the totals that callbacks observed at the reader's earlier collections.
 * @param known the labels of the reader's last collection.
 */
export function* measuredMetrics(
  result: CollectionResult,
  totals = new ObservedTotals(),
  onCut: OnCut = () => {},
  known = new KnownLabels(),
): Steps<MeasuredMetric[]> {
  totals.begin();
  const measured: MeasuredMetric[] = [];
  for (const { scope, metrics } of result.resourceMetrics.scopeMetrics)
    for (const metric of metrics) {
      const { name } = metric.descriptor;
      const labelsOf = known.begin(scope.name, name, () => onCut(name));
      measured.push(measuredMetric(scope.name, metric, totals, labelsOf));
      yield;
    }
  return measured;
}

function measuredMetric(
  scope: string,
  metric: MetricData,
  totals: ObservedTotals,
  labelsOf: LabelsOf,
): MeasuredMetric {
  const { name, unit, description } = metric.descriptor;
  const base = { scope, name, unit, description };
  if (isObservedTotal(metric))
    return { ...base, kind: "increment", points: increments(scope, metric, totals, labelsOf) };
  switch (metric.dataPointType) {
    case DataPointType.GAUGE:
      return { ...base, kind: "level", points: finite(metric.dataPoints, labelsOf) };
    case DataPointType.SUM:
      if (isOfType(metric, InstrumentType.OBSERVABLE_UP_DOWN_COUNTER))
        return { ...base, kind: "level", points: levels(scope, metric, totals, labelsOf) };
      return {
        ...base,
        kind: metric.isMonotonic ? "increment" : "level",
        points: finite(metric.dataPoints, labelsOf),
      };
    case DataPointType.HISTOGRAM:
      return {
        ...base,
        kind: "histogram",
        points: metric.dataPoints.map((it) => histogramPoint(it, explicitPoint, labelsOf)),
      };
    case DataPointType.EXPONENTIAL_HISTOGRAM:
      return {
        ...base,
        kind: "histogram",
        points: metric.dataPoints.map((it) => histogramPoint(it, exponentialPoint, labelsOf)),
      };
  }
}

function finite(points: readonly DataPoint<number>[], labelsOf: LabelsOf): MeasuredPoint<number>[] {
  const measured: MeasuredPoint<number>[] = [];
  for (const { attributes, value } of points)
    if (Number.isFinite(value)) measured.push({ labels: labelsOf(attributes), value });
  return measured;
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
  labelsOf: LabelsOf,
): MeasuredPoint<number>[] {
  return finite(metric.dataPoints as DataPoint<number>[], labelsOf).map(({ labels, value }) => {
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
  labelsOf: LabelsOf,
): MeasuredPoint<number>[] {
  // Totals beyond the limit take turns in one attribute set.
  const points = (metric.dataPoints as DataPoint<number>[]).filter((it) => it.attributes[OVERFLOW] !== true);
  return finite(points, labelsOf)
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
  labelsOf: LabelsOf,
): MeasuredPoint<HistogramPoint> {
  return { labels: labelsOf(point.attributes), value: convert(point.value) };
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
