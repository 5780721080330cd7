import { ValueType } from "@opentelemetry/api";
import { AggregationTemporality, DataPointType, type ScopeMetrics } from "@opentelemetry/sdk-metrics";
import type { MeasuredMetric } from "../../src/core/measured-metric.ts";
import type { WorkerTotals } from "../../src/processes/worker-totals.ts";

/** What a worker that has counted some orders shows. */
export function orders(value: number): ScopeMetrics[] {
  const descriptor = { name: "orders", unit: "", description: "", valueType: ValueType.INT };
  const dataPoints = [{ attributes: {}, value, startTime: [0, 0], endTime: [1, 0] }] as never;
  return [
    {
      scope: { name: "shop" },
      metrics: [
        {
          descriptor,
          dataPointType: DataPointType.SUM,
          isMonotonic: true,
          aggregationTemporality: AggregationTemporality.CUMULATIVE,
          dataPoints,
        },
      ],
    },
  ];
}

export function level(value: number): MeasuredMetric {
  const base = { scope: "shop", name: "pool", unit: "", description: "" };
  return { ...base, kind: "level", points: [{ labels: {}, value }] };
}

export function increment(value: number): MeasuredMetric {
  const base = { scope: "shop", name: "orders", unit: "", description: "" };
  return { ...base, kind: "increment", points: [{ labels: {}, value }] };
}

export function reportOf(id: string, value: number, measured: readonly MeasuredMetric[] = []) {
  return { id, shown: orders(value), measured };
}

export function totalOf(workers: WorkerTotals, own = 0): unknown {
  return workers.sumWith(orders(own))?.[0]?.metrics[0]?.dataPoints[0]?.value;
}
