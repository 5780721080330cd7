import { DataPointType, type ScopeMetrics } from "@opentelemetry/sdk-metrics";
import { isInExponentialRange } from "../core/exponential-range.ts";
import type { MeasuredMetric } from "../core/measured-metric.ts";
import type { ExponentialBuckets } from "../core/metric-point.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * The metrics of the application's instruments in a worker: one of several processes that do the
 * same work.
 */
export interface WorkerMetrics {
  /** Identifies the process, for as long as it lives. */
  readonly id: string;
  /** What the worker's own endpoint would show: totals since its start. */
  readonly shown: readonly ScopeMetrics[];
  /** What is to be forecast: measured since its last report. */
  readonly measured: readonly MeasuredMetric[];
  /**
   * The handover of the process that had the port before, as JSON. A worker passes it on if it was
   * chosen as successor, but another worker got the port first.
   */
  readonly handover?: string;
}

/**
 * Checks everything that is used later. The sender is a process of the same program and user, but one
 * wrong metric would cost the whole page.
 */
export function isWorkerMetrics(given: unknown): given is WorkerMetrics {
  return (
    isRecord(given) &&
    typeof given.id === "string" &&
    isShown(given.shown) &&
    areAll(given.measured, isMeasured) &&
    (given.handover === undefined || typeof given.handover === "string")
  );
}

/** Whether a value is what an endpoint shows, after JSON. */
export function isShown(given: unknown): given is ScopeMetrics[] {
  return areAll(
    given,
    ({ scope, metrics }) =>
      isRecord(scope) &&
      typeof scope.name === "string" &&
      (scope.version === undefined || typeof scope.version === "string") &&
      areAll(metrics, isMetricData),
  );
}

function isMetricData({ descriptor, dataPointType, dataPoints }: Fields): boolean {
  const isValue = VALUES.get(dataPointType);
  return (
    isRecord(descriptor) &&
    hasTexts(descriptor, ["name", "unit", "description"]) &&
    isValue !== undefined &&
    areAll(dataPoints, ({ attributes, value }) => isRecord(attributes) && isValue(value))
  );
}

function isMeasured({ kind, points, ...texts }: Fields): boolean {
  const isValue = kind === "histogram" ? isHistogramPoint : isNumber;
  return (
    (kind === "histogram" || kind === "level" || kind === "increment") &&
    hasTexts(texts, ["scope", "name", "unit", "description"]) &&
    areAll(
      points,
      ({ labels, value, before }) =>
        isRecord(labels) &&
        Object.values(labels).every((label) => typeof label === "string") &&
        isValue(value) &&
        (before === undefined || isNumber(before)),
    )
  );
}

/** The check of the values of each type of metric. JSON has no NaN: it became `null`. */
const VALUES: ReadonlyMap<unknown, (value: unknown) => boolean> = new Map([
  [DataPointType.GAUGE, isNumberOrNothing],
  [DataPointType.SUM, isNumberOrNothing],
  [DataPointType.HISTOGRAM, isHistogram],
  [DataPointType.EXPONENTIAL_HISTOGRAM, isExponential],
]);

function isHistogram(value: unknown): boolean {
  return isRecord(value) && isRecord(value.buckets) && hasSummary(value) && areBuckets(value.buckets);
}

function isHistogramPoint(value: unknown): boolean {
  if (!isRecord(value)) return false;
  if (value.kind === "exponential") return isExponential(value);
  return value.kind === "explicit" && hasSummary(value) && areBuckets(value);
}

function areBuckets({ boundaries, counts }: Fields): boolean {
  return areNumbers(boundaries) && areNumbers(counts) && counts.length === boundaries.length + 1;
}

function isExponential(value: unknown): boolean {
  return isRecord(value) && hasSummary(value) && isNumber(value.zeroCount) && areExponential(value);
}

function areExponential({ scale, positive, negative }: Fields): boolean {
  return (
    isExponentialSide(positive) &&
    isExponentialSide(negative) &&
    isInExponentialRange({ scale: scale as number, positive, negative })
  );
}

function isExponentialSide(side: unknown): side is ExponentialBuckets {
  return isRecord(side) && isNumber(side.offset) && areNumbers(side.bucketCounts);
}

function hasSummary({ count, sum, min, max }: Fields): boolean {
  return isNumber(count) && [sum, min, max].every(isNumberOrNothing);
}

function hasTexts(given: Fields, keys: readonly string[]): boolean {
  return keys.every((key) => typeof given[key] === "string");
}

function areAll(given: unknown, isRight: (item: Fields) => boolean): boolean {
  return Array.isArray(given) && given.every((item) => isRecord(item) && isRight(item));
}

function areNumbers(given: unknown): given is number[] {
  return Array.isArray(given) && given.every(isNumber);
}

function isNumber(given: unknown): boolean {
  return Number.isFinite(given);
}

function isNumberOrNothing(given: unknown): boolean {
  return given === undefined || given === null || typeof given === "number";
}

function isRecord(given: unknown): given is Fields {
  return typeof given === "object" && given !== null && !Array.isArray(given);
}
