import type { InstrumentationScope } from "@opentelemetry/core";
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import { type MetricIdentity, prometheusName } from "./metric-name.ts";

/** Metrics that are one to Prometheus: one name, one type, one block of samples. */
export interface MetricFamily {
  readonly name: string;
  readonly type: "gauge" | "counter" | "histogram";
  readonly parts: FamilyPart[];
}

export interface FamilyPart {
  readonly scope: InstrumentationScope;
  readonly metric: MetricData;
}

/** Something of a metric that could not be shown, and why. */
export interface DroppedPoints {
  /** Prometheus name of the metric; of one that has none, the OpenTelemetry name. */
  readonly metric: string;
  readonly reason: DropReason;
  /** How many points. */
  readonly points: number;
}

/**
 * `no-name`: no character of the name can stand in Prometheus. `name-taken`: another metric of another type has the name,
 * or a histogram has it for its samples. `delta`: Prometheus takes cumulative values only. `duplicate-series`: another
 * point has the same name and labels. `invalid-value`: not a number, or not the histogram that it is said to be.
 */
export type DropReason = "no-name" | "name-taken" | "delta" | "duplicate-series" | "invalid-value";

/** Whether a scope is of this project: its series have the labels that they are given and no others. */
export function isOwnScope(scope: InstrumentationScope): boolean {
  return /^otel-forecast($|[^a-zA-Z0-9])/.test(scope.name);
}

/** The samples of a histogram bear these names, which no other metric may have. */
const histogramSuffixes = ["_bucket", "_sum", "_count"];

/** Name of the metric that holds the resource's attributes. */
export const targetInfo = "target_info";

/**
 * Sorts metrics into families. The first metric of a name decides on the type; one of another type is dropped, for
 * Prometheus refuses a whole target in which a name has two types.
 */
export function groupIntoFamilies(
  resourceMetrics: readonly ResourceMetrics[],
  onDropped: (dropped: DroppedPoints) => void,
): MetricFamily[] {
  const families = new Map<string, MetricFamily>();
  const taken = new Set([targetInfo]);
  const place = (part: FamilyPart): DropReason | undefined => {
    if (isDelta(part.metric)) return "delta";
    const name = nameOf(part.metric);
    const type = typeOf(part.metric);
    if (name === "") return "no-name";
    const family = families.get(name);
    if (family?.type === type) {
      family.parts.push(part);
      return undefined;
    }
    const claims =
      type === "histogram" ? [name, ...histogramSuffixes.map((suffix) => name + suffix)] : [name];
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
            metric: nameOf(metric) || metric.descriptor.name,
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

function nameOf({ descriptor, ...metric }: MetricData): string {
  return prometheusName({
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
