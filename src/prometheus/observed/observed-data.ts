import type { HrTime } from "@opentelemetry/api";
import {
  AggregationTemporality,
  DataPointType,
  InstrumentType,
  type MetricData,
} from "@opentelemetry/sdk-metrics";
import type { ObservedSet } from "./observed-set.ts";
import type { ObservedSets } from "./observed-sets.ts";

/** What the SDK knows of an instrument. Its types leave the type of the instrument out. */
export type Descriptor = MetricData["descriptor"] & { readonly type: InstrumentType };

/** The last value of each set since the start. */
export function allOf(descriptor: Descriptor, sets: ObservedSets, at: HrTime): MetricData | undefined {
  if (sets.size === 0) return undefined;
  const base = {
    descriptor,
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPoints: sets.pointsAt(at) as ObservedSet[],
  };
  if (descriptor.type === InstrumentType.OBSERVABLE_GAUGE)
    return { ...base, dataPointType: DataPointType.GAUGE };
  const isMonotonic = descriptor.type === InstrumentType.OBSERVABLE_COUNTER;
  return { ...base, dataPointType: DataPointType.SUM, isMonotonic };
}

/** What was observed since the last collection, as levels. */
export function unreadOf(descriptor: Descriptor, sets: ObservedSets, at: HrTime): MetricData | undefined {
  const unread = sets.unreadAt(at) as ObservedSet[];
  if (unread.length === 0) return undefined;
  return {
    descriptor,
    aggregationTemporality: AggregationTemporality.DELTA,
    dataPointType: DataPointType.GAUGE,
    dataPoints: unread,
  };
}
