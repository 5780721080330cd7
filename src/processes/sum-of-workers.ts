import type { Attributes, HrTime } from "@opentelemetry/api";
import {
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type ScopeMetrics,
} from "@opentelemetry/sdk-metrics";
import { attributesKey } from "../core/attributes-key.ts";
import { groupBy } from "../core/group-by.ts";

/** The label of levels, which can't be added up. */
const WORKER_LABEL = "worker";
/** The label if the application itself uses the other. */
const OTHER_WORKER_LABEL = "worker_process";

/** What one process shows. */
export interface ShownByWorker {
  readonly shown: readonly ScopeMetrics[];
  /** The number that labels its levels; absent: it is no worker, and its levels get no label. */
  readonly number?: number | undefined;
  /** Whether it has ended: then its totals count, and its levels do not. */
  readonly hasEnded?: boolean;
}

interface SharedMetric {
  readonly scope: ScopeMetrics["scope"];
  readonly metric: MetricData;
  readonly points: Map<string, DataPoint<unknown>>;
}

type Point = DataPoint<unknown>;

/**
 * Merges what several processes show. Counters are added up, and so are histograms with the same
 * buckets. Everything else is a level, which stays apart and gets the number of its worker as a
 * label.
 */
export function sumOfWorkers(workers: readonly ShownByWorker[]): ScopeMetrics[] {
  const shared = new Map<string, SharedMetric>();
  for (const worker of workers)
    for (const { scope, metrics } of worker.shown)
      for (const metric of metrics) add(shared, { scope, metric, worker });
  const filled = [...shared.values()].filter(({ points }) => points.size > 0);
  const byScope = groupBy(filled, ({ scope }) => scopeKey(scope));
  return Array.from(byScope.values(), (ofScope) => ({
    scope: (ofScope[0] as SharedMetric).scope,
    metrics: ofScope.map(
      ({ metric, points }) => ({ ...metric, dataPoints: [...points.values()] }) as MetricData,
    ),
  }));
}

/** Adds the number of a worker to labels. Labels of the application stay as they are. */
export function withWorker<Label>(
  labels: Readonly<Record<string, Label>>,
  number: number,
): Record<string, Label | string> {
  const key = WORKER_LABEL in labels ? OTHER_WORKER_LABEL : WORKER_LABEL;
  return { ...labels, [key]: String(number) };
}

function add(
  shared: Map<string, SharedMetric>,
  { scope, metric, worker }: { scope: ScopeMetrics["scope"]; metric: MetricData; worker: ShownByWorker },
): void {
  const { name, unit } = metric.descriptor;
  const isTotal = metric.dataPointType === DataPointType.SUM && metric.isMonotonic;
  const key = JSON.stringify([scopeKey(scope), name, unit, metric.dataPointType, isTotal]);
  let of = shared.get(key);
  if (of === undefined) {
    of = { scope, metric, points: new Map() };
    shared.set(key, of);
  }
  for (const point of metric.dataPoints) place(of.points, { point, metric, worker });
}

function place(
  points: Map<string, Point>,
  { point, metric, worker }: { point: Point; metric: MetricData; worker: ShownByWorker },
): void {
  const key = attributesKey(point.attributes);
  const sum = addsUp(metric) ? sumOf(points.get(key), point) : undefined;
  if (sum !== undefined) points.set(key, sum);
  else if (worker.hasEnded !== true) {
    const attributes =
      worker.number === undefined ? point.attributes : withWorker(point.attributes, worker.number);
    points.set(attributesKey(attributes), {
      ...point,
      attributes: attributes as Attributes,
      value: known(point.value),
    });
  }
}

function addsUp(metric: MetricData): boolean {
  return (
    metric.dataPointType === DataPointType.HISTOGRAM ||
    (metric.dataPointType === DataPointType.SUM && metric.isMonotonic)
  );
}

/** `undefined` if the two can't be added up. */
function sumOf(one: Point | undefined, other: Point): Point | undefined {
  if (one === undefined) return { ...other, value: known(other.value) };
  const [first, second] = [known(one.value), known(other.value)];
  const startTime = earlier(one.startTime, other.startTime);
  // Both are of a metric of one type.
  if (typeof first === "number") return { ...one, startTime, value: first + (second as number) };
  const value = sumOfHistograms(first as Histogram, second as Histogram);
  return value === undefined ? undefined : { ...one, startTime, value };
}

/**
 * A sum began when the first of its parts did. By a later start, it would seem to have begun again from 0.
 * A foreign producer may give anything.
 */
function earlier(one: HrTime, other: HrTime): HrTime {
  if (!Array.isArray(one) || !Array.isArray(other)) return one;
  return other[0] < one[0] || (other[0] === one[0] && other[1] < one[1]) ? other : one;
}

function sumOfHistograms(one: Histogram, other: Histogram): Histogram | undefined {
  const { boundaries } = one.buckets;
  const isAlike =
    boundaries.length === other.buckets.boundaries.length &&
    boundaries.every((boundary, index) => boundary === other.buckets.boundaries[index]);
  if (!isAlike) return undefined;
  const counts = one.buckets.counts.map((count, index) => count + (other.buckets.counts[index] as number));
  return {
    ...one,
    buckets: { boundaries, counts },
    count: one.count + other.count,
    sum: (one.sum ?? 0) + (other.sum ?? 0),
    ...limit("min", Math.min, one, other),
    ...limit("max", Math.max, one, other),
  };
}

function limit(
  key: "min" | "max",
  choose: (...values: number[]) => number,
  one: Histogram,
  other: Histogram,
): Partial<Histogram> {
  const known = [one[key], other[key]].filter((value) => typeof value === "number");
  return known.length === 0 ? {} : { [key]: choose(...known) };
}

/** JSON has no NaN and no infinity: they became `null`. */
function known(value: unknown): unknown {
  return value ?? Number.NaN;
}

function scopeKey({ name, version }: ScopeMetrics["scope"]): string {
  return JSON.stringify([name, version]);
}
