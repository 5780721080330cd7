import type { InstrumentationScope } from "@opentelemetry/core";
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import type { MetricIdentity } from "./metric-name.ts";
import { DEFAULT_NAMING, type Naming } from "./names/naming.ts";

/** The metrics that Prometheus sees as one: one name, one type, one block of samples. */
export interface MetricFamily {
  readonly name: string;
  readonly type: "gauge" | "counter" | "histogram";
  readonly parts: FamilyPart[];
}

/** One metric of a family, with the scope that it belongs to. */
export interface FamilyPart {
  readonly scope: InstrumentationScope;
  readonly metric: MetricData;
}

/** Points of a metric that cannot be shown, and why. */
export interface DroppedPoints {
  /** Name of the metric on the page; the OpenTelemetry name if it has none. */
  readonly metric: string;
  readonly reason: PointDropReason;
  /** The number of points. */
  readonly points: number;
}

/**
 * Why points are dropped:
 * - `no-name`: Prometheus accepts no character of the name
 * - `name-taken`: a metric of another type has the name, or a histogram uses it for its samples
 * - `delta`: Prometheus accepts only cumulative values
 * - `duplicate-series`: another point has the same name and labels
 * - `page-full`: the page has no room for more points of this metric
 * - `invalid-value`: the value is not a number, or not a histogram although the metric is one
 */
export type PointDropReason =
  | "no-name"
  | "name-taken"
  | "delta"
  | "duplicate-series"
  | "page-full"
  | "invalid-value";

/** Whether a scope is ours. Its series never get labels of the scope. */
export function isOwnScope(scope: InstrumentationScope): boolean {
  return /^otel-forecast($|[^a-zA-Z0-9])/.test(scope.name);
}

/** The samples of a histogram have these suffixes. No other metric may use these names. */
const HISTOGRAM_SUFFIXES = ["_bucket", "_sum", "_count"];

/** Name of the metric that holds the attributes of the resource. */
export const TARGET_INFO = "target_info";

/**
 * Sorts metrics into families. The first metric of a name decides on the type. A metric of the same
 * name and another type is dropped, because Prometheus refuses a whole target in which one name has
 * two types.
 */
export function groupIntoFamilies(
  resourceMetrics: readonly ResourceMetrics[],
  onDropped: (dropped: DroppedPoints) => void,
  naming: Naming = DEFAULT_NAMING,
): MetricFamily[] {
  const families = new Map<string, MetricFamily>();
  const taken = new Set([TARGET_INFO]);
  const place = (part: FamilyPart): PointDropReason | undefined => {
    if (isDelta(part.metric)) return "delta";
    const name = nameOf(part.metric, naming);
    const type = typeOf(part.metric);
    if (name === "") return "no-name";
    const family = families.get(name);
    if (family?.type === type) {
      family.parts.push(part);
      return undefined;
    }
    const claims =
      type === "histogram" ? [name, ...HISTOGRAM_SUFFIXES.map((suffix) => name + suffix)] : [name];
    if (claims.some((claim) => taken.has(claim))) return "name-taken";
    for (const claim of claims) taken.add(claim);
    families.set(name, { name, type, parts: [part] });
    return undefined;
  };
  for (const { scopeMetrics } of resourceMetrics)
    for (const { scope, metrics } of scopeMetrics)
      for (const metric of metrics) {
        if (metric.dataPoints.length === 0) continue;
        const reason = place({ scope, metric });
        if (reason !== undefined)
          onDropped({
            metric: nameOf(metric, naming) || metric.descriptor.name,
            reason,
            points: metric.dataPoints.length,
          });
      }
  return [...families.values()];
}

function isDelta(metric: MetricData): boolean {
  return (
    metric.dataPointType !== DataPointType.GAUGE &&
    metric.aggregationTemporality === AggregationTemporality.DELTA
  );
}

function typeOf(metric: MetricData): MetricFamily["type"] {
  const type = identityType(metric);
  return type === "up-down-counter" ? "gauge" : type;
}

/** The name of a metric on a page; empty if it has none. */
export function nameOf({ descriptor, ...metric }: MetricData, naming: Naming): string {
  return naming.metric({
    name: descriptor.name,
    unit: descriptor.unit,
    type: identityType(metric as MetricData),
  });
}

function identityType(metric: MetricData): MetricIdentity["type"] {
  switch (metric.dataPointType) {
    case DataPointType.GAUGE:
      return "gauge";
    case DataPointType.SUM:
      return metric.isMonotonic ? "counter" : "up-down-counter";
    default:
      return "histogram";
  }
}
