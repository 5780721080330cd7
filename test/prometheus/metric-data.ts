import { type Attributes, ValueType } from "@opentelemetry/api";
import { emptyResource } from "@opentelemetry/resources";
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import { type Exemplar, withExemplar } from "../../src/core/exemplar.ts";

/** Metrics in the form that a reader gives them. */
export interface MetricSpec {
  readonly name: string;
  readonly unit?: string;
  readonly description?: string;
  /** Default `gauge`. */
  readonly kind?: "gauge" | "counter" | "up-down-counter" | "histogram" | "exponential";
  readonly temporality?: AggregationTemporality;
  readonly points: readonly (readonly [attributes: Attributes, value: unknown])[];
  /** Of each point. */
  readonly exemplar?: Exemplar;
}

export function gauge(name: string, ...points: MetricSpec["points"]): MetricSpec {
  return { name, points };
}

const pointTypes = {
  gauge: DataPointType.GAUGE,
  counter: DataPointType.SUM,
  "up-down-counter": DataPointType.SUM,
  histogram: DataPointType.HISTOGRAM,
  exponential: DataPointType.EXPONENTIAL_HISTOGRAM,
};

export function metricData({ kind = "gauge", ...spec }: MetricSpec): MetricData {
  return {
    descriptor: {
      name: spec.name,
      unit: spec.unit ?? "",
      description: spec.description ?? "",
      valueType: ValueType.DOUBLE,
    },
    aggregationTemporality: spec.temporality ?? AggregationTemporality.CUMULATIVE,
    dataPointType: pointTypes[kind],
    isMonotonic: kind === "counter",
    dataPoints: spec.points.map(([attributes, value]) =>
      withExemplar({ attributes, value, startTime: [0, 0], endTime: [1, 0] }, spec.exemplar),
    ),
  } as MetricData;
}

/** The metrics of one resource, by instrumentation scope. */
export function resourceMetrics(scopes: Readonly<Record<string, readonly MetricSpec[]>>): ResourceMetrics {
  return {
    resource: emptyResource(),
    scopeMetrics: Object.entries(scopes).map(([name, specs]) => ({
      scope: { name },
      metrics: specs.map(metricData),
    })),
  };
}
