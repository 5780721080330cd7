import type { Attributes } from "@opentelemetry/api";
import {
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type ScopeMetrics,
} from "@opentelemetry/sdk-metrics";
import { groupBy } from "../core/group-by.ts";

/** Tells the levels of workers apart, which cannot be added up. */
const WORKER_LABEL = "worker";
/** Where the application uses that name itself. */
const OTHER_WORKER_LABEL = "worker_process";

/** What one process shows. */
export interface ShownByWorker {
  readonly shown: readonly ScopeMetrics[];
  /** Its number, which its levels are labelled with; absent: no worker, its levels stand as they are. */
  readonly number?: number | undefined;
  /** Whether it has ended: its totals count, its levels are no more. */
  readonly hasEnded?: boolean;
}

interface SharedMetric {
  readonly scope: ScopeMetrics["scope"];
  readonly metric: MetricData;
  readonly points: Map<string, DataPoint<unknown>>;
}

type Point = DataPoint<unknown>;

/**
 * What several processes show as one: counters are added up, and histograms whose buckets are the same; all else is a
 * level of each process and bears its number.
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

/** Labels with the number of a worker; those of the application stay as they are. */
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
    points.set(attributesKey(attributes as Attributes), {
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

/** `undefined` where the two can't be added up. */
function sumOf(one: Point | undefined, other: Point): Point | undefined {
  if (one === undefined) return other;
  if (typeof one.value === "number" && typeof other.value === "number")
    return { ...one, value: one.value + other.value };
  const value = sumOfHistograms(one.value as Histogram, other.value as Histogram);
  return value === undefined ? undefined : { ...one, value };
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

/** JSON has no number for what is none. */
function known(value: unknown): unknown {
  return value ?? Number.NaN;
}

function scopeKey({ name, version }: ScopeMetrics["scope"]): string {
  return JSON.stringify([name, version]);
}

function attributesKey(attributes: Attributes): string {
  return JSON.stringify(Object.entries(attributes).sort(([one], [other]) => (one < other ? -1 : 1)));
}
